"""Texts that hurt, by kind: as they are typed, and as they must be read in a report."""

from __future__ import annotations

from typing import Final

MARKS: Final = "".join(chr(0x300 + number) for number in range(60))

MARKDOWN: Final = """Vet is **vet**, schuin is *schuin*, en ***allebei***. Letterlijk: \\*ster\\*, 2*3*4, a_b_c.

- eerste
  - tweede laag
    - derde laag
- laatste

4. vier
5. vijf

| Kop A | Kop B |
|---|---|
| cel **1** | cel 2 |

[koppeling](https://example.org/doel) en [kwaad](javascript:alert(1)) en <https://example.org/>

# geen kop
> geen citaat
`geen code` ~~niet door~~ ![geen beeld](https://example.org/x.png)
***
[x]: https://example.org/verwijzing"""

READ_MARKDOWN: Final = """Vet is vet, schuin is schuin, en allebei. Letterlijk: *ster*, 2*3*4, a_b_c.
• eerste – tweede laag – derde laag • laatste 4. vier 5. vijf Kop A Kop B cel 1 cel 2
koppeling (https://example.org/doel) en [kwaad](javascript:alert(1)) en <https://example.org/>
# geen kop > geen citaat `geen code` ~~niet door~~ !geen beeld (https://example.org/x.png) ***
[x]: https://example.org/verwijzing"""

AS_TYPED: Final = {
    "Greek, Cyrillic and signs": (
        "\u0391\u03b8\u03ae\u03bd\u03b1 \u041c\u043e\u0441\u043a\u0432\u0430 x\u00b2 \u2265 \u00bd \u20ac \u2192 \u221e"
    ),
    "HTML and CSS": (
        "<style>*{display:none}</style><p style='position:fixed;top:-99cm'>x</p><!-- y -->"
        "<script>z()</script>&amp;&#60;"
    ),
    "things to load": (
        "<img src=http://127.0.0.1:9/x> <iframe src=file:///etc/passwd></iframe> <svg onload=x> "
        "@import url(http://x.nl);"
    ),
    "templates": "{{ 7*7 }} {% include 'x' %} {# weg #} ${x} %s %(x)s",
    "long address": "https://example.org/" + "pad/" * 100 + "?q=" + "x" * 500,
    "word of 10,000 characters": "abcdefghij" * 1000,
    "wide and narrow": "W" * 71 + " i " + "i" * 300 + ".",
}

KINDS: Final[dict[str, tuple[str, str]]] = {
    "emoji": (
        "Lach \U0001f600 gezin \U0001f468\u200d\U0001f469\u200d\U0001f467.",
        "Lach ⟨U+1F600⟩ gezin ⟨U+1F468 U+1F469 U+1F467⟩.",
    ),
    "Arabic": (
        "Is \u0647\u0644 \u0639\u062f\u0644\u061f (123) eerlijk?",
        "Is ⟨U+0647 U+0644⟩ ⟨U+0639 U+062F U+0644 U+061F⟩ (123) eerlijk?",
    ),
    "Hebrew in Dutch": (
        "Naam: \u05e9\u05dc\u05d5\u05dd, 12 jaar.",
        "Naam: ⟨U+05E9 U+05DC U+05D5 U+05DD⟩, 12 jaar.",
    ),
    "Chinese": ("\u4e2d\u6587 en meer", "⟨U+4E2D U+6587⟩ en meer"),
    "combining marks": ("cafe\u0301, a\u0308, x\u0338", "caf\u00e9, \u00e4, x\u0338"),
    "zero width": ("nul\u200bbreed zacht\u00adstreep woord\u2060rand\ufeff.", "nulbreed zachtstreep woordrand."),
    "bidi controls": (
        "rekening \u202e4321\u202c en \u2066los\u2069 en \u200fmerk",
        "rekening ⟨U+202E⟩4321⟨U+202C⟩ en ⟨U+2066⟩los⟨U+2069⟩ en ⟨U+200F⟩merk",
    ),
    "private use and no characters": (
        "\ue000 \uf8ff \U000f0000 \ufdd0 \ufffd",
        "⟨U+E000⟩ ⟨U+F8FF⟩ ⟨U+F0000⟩ ⟨U+FDD0⟩ \ufffd",
    ),
    "line ends": ("een\u2028twee\u2029drie\r\nvier\x0bvijf\x0czes\x85zeven", "een twee drie vier vijf zes zeven"),
    "control characters": ("bel\x07 tab\tstop\x1b[31m\x7f", "bel⟨U+0007⟩ tab stop⟨U+001B⟩[31m⟨U+007F⟩"),
    "code": (
        'if (a < b && c > d) {\n    return "x";\n\tspring\n}   veel   wit',
        'if (a < b && c > d) { return "x"; spring } veel wit',
    ),
    "Markdown": (MARKDOWN, READ_MARKDOWN),
    **{kind: (text, text) for kind, text in AS_TYPED.items()},
}  # fmt: skip
"""Kind -> the text as it is typed, and as it is read; white space is not compared, since lines are broken anew."""
