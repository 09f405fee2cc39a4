"""Whatever is typed, what comes out is harmless, and nothing that was typed is hidden."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from ethiek.markup import Dress, read, to_html, to_text
from tests.attacks.corpus import MARKDOWN, SCRIPTS

SCREEN = Dress("p", "ul", "ol", "t", "a", Markup("\n"), scroller="s")
PAPER = Dress("p", "ul", "ol", "t", "a", Markup("<br>"), whole_address=True, shown=str.upper)
ALLOWED = {
    "p": {"class"}, "ul": {"class"}, "ol": {"class", "start"}, "li": set(), "strong": set(), "em": set(),
    "table": {"class"}, "thead": set(), "tbody": set(), "tr": set(), "th": {"scope"}, "td": set(), "br": set(),
    "div": {"class", "role", "tabindex", "aria-label"}, "a": {"class", "href", "rel"},
}  # fmt: skip


def parsed(html: str) -> Element:
    root: Element = html5lib.parseFragment(html, container="div", namespaceHTMLElements=False)
    return root


def violations(html: str) -> list[str]:
    """Everything that is not on the allow-list."""
    found = []
    for element in list(parsed(html).iter())[1:]:
        tag = str(element.tag)
        strange = set(element.attrib) - ALLOWED.get(tag, set())
        found += [tag] if tag not in ALLOWED else [f"{tag} {name}" for name in strange]
        address = element.get("href")
        if address is not None and urlsplit(address).scheme not in {"http", "https", "mailto"}:
            found.append(address)
    return found


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z]{3,}", text))


def shown(html: str) -> str:
    root = parsed(html)
    return " ".join([*root.itertext(), *(element.get("href", "") for element in root.iter("a"))])


def test_every_feature_is_written() -> None:
    text = "**v** *s*\n[t](https://a.nl/b) [a.nl](https://a.nl)\n\n- x\n\n4. y\n\n|k|\n|-|\n|1|"
    assert to_html(read(text), SCREEN) == (
        '<p class="p"><strong>v</strong> <em>s</em>\n'
        '<a class="a" href="https://a.nl/b" rel="noopener noreferrer nofollow">t</a> (a.nl) '
        '<a class="a" href="https://a.nl" rel="noopener noreferrer nofollow">a.nl</a></p>\n'
        '<ul class="ul"><li><p class="p">x</p></li></ul>\n'
        '<ol class="ol" start="4"><li><p class="p">y</p></li></ol>\n'
        '<div class="s" role="region" tabindex="0" aria-label="k"><table class="t"><thead><tr><th scope="col">k</th>'
        "</tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>"
    )
    assert to_html(read("een\n[t](mailto:x@a.nl)"), PAPER) == (
        '<p class="p">EEN<br><a class="a" href="mailto:x@a.nl" rel="noopener noreferrer nofollow">T</a> (X@A.NL)</p>'
    )


def test_plain_text_shows_signs_and_addresses() -> None:
    text = "*s*\n\n1. een\n   - [t](https://a.nl/b)\n   -\n2. twee\n\na|b\n-|-\n1|**2**\n\n[x@a.nl](mailto:x@a.nl)"
    assert to_text(read(text)) == (
        "s\n\n1. een\n   - t (https://a.nl/b)\n   -\n2. twee\n\na | b\n1 | 2\n\nx@a.nl"
    )


def test_item_and_head_without_text_keep_their_place() -> None:
    assert to_html(read("- - a"), SCREEN) == (
        '<ul class="ul"><li><p class="p"></p>\n<ul class="ul"><li><p class="p">a</p></li></ul></li></ul>'
    )
    assert 'aria-label="x"><table class="t"><thead><tr><td></td></tr>' in to_html(
        read("| |\n|-|\n|x|"), SCREEN
    )
    assert 'aria-label="–"' in to_html(read("| |\n|-|\n| |"), SCREEN)


@pytest.mark.parametrize("text", [*MARKDOWN, *SCRIPTS])
def test_attacks_become_harmless_text(text: str) -> None:
    for around in (text, f"- {text}", f"|a|\n|-|\n|{text}|", f"**{text}**", f"[{text}](https://a.nl)"):
        assert violations(to_html(read(around), SCREEN)) == []
        assert words(around) <= words(shown(to_html(read(around), SCREEN))) + words(around.partition("](")[2])


@pytest.mark.parametrize("text", MARKDOWN)
def test_host_of_every_link_is_shown(text: str) -> None:
    root = parsed(to_html(read(text), SCREEN))
    hosts = [urlsplit(element.get("href", "")).hostname for element in root.iter("a")]
    assert [host for host in hosts if not host or host not in "".join(root.itertext())] == []


def test_letters_of_another_alphabet_do_not_imitate_a_host() -> None:
    html = to_html(read("[bank](https://b\u0430nk.example)"), SCREEN)
    assert html.endswith(">bank</a> (xn--bnk-6cd.example)</p>")


PIECES = st.sampled_from([
    "*", "**", "_", "[", "]", "(", ")", "](", "https://evil.example/", "javascript:", "- ", "1. ", "  ", "\n", "\n\n",
    "|", "|-|\n", "a|b\n-|-\n", "\\", "<", ">", "&lt;", '"', "'", "een", "twee", "drie", "\u202e", "`", "#", "!", " ",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=150)
def test_any_mixture_is_harmless_and_shows_every_word(text: str) -> None:
    html = to_html(read(text), SCREEN)
    assert violations(html) == []
    assert words(text) <= words(shown(html))
    assert words(text) <= words(to_text(read(text)))
