from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from ethiek.reports.fonts import printable
from ethiek.reports.gate import breaches
from ethiek.reports.plain_text import printed as form
from ethiek.reports.render import render
from tests.unit.reports.sources import a_source
from tests.unit.reports.test_conformance import failures
from tests.unit.reports.test_render import text_of

HOSTILE = [
    ("emoji \U0001f600 eind", "emoji ⟨U+1F600⟩ eind"),
    ("Arabisch \u0633 eind", "Arabisch ⟨U+0633⟩ eind"),
    ("bidi \u202etxet\u202c eind", "bidi ⟨U+202E⟩txet⟨U+202C⟩ eind"),
    ("nul\u200bbreed\u00ad\ufeff", "nulbreed"),
    ("<script>alert(1)</script><b>vet</b> &amp; &lt;", "<script>alert(1)</script><b>vet</b> &amp; &lt;"),
    ("{{7*7}} {% x %} ${x} %s", "{{7*7}} {% x %} ${x} %s"),
    ("<img src=http://127.0.0.1:9/x> url(file:///etc/passwd)", "<img src=http://127.0.0.1:9/x> url(file:///etc/passwd)"),
    ("bel\u0007 tab\tregel\u2028volgende", "bel⟨U+0007⟩ tab regel volgende"),
    ("los \ud800 paar", "los ⟨U+D800⟩ paar"),
    ("\u4e2d\u6587", "⟨U+4E2D U+6587⟩"),
    ("prijs \ue000", "prijs ⟨U+E000⟩"),
]  # fmt: skip


def a_hostile_report(texts: list[str], **answer: Any) -> bytes:
    rows = [{"question": "1.1.1", "item": "", "answer": {"text": "\n\n".join(texts), **answer}}]
    return render(a_source(snapshot={"answers": rows}))


def furthest_right(pdf: bytes, folder: Path) -> float:
    """Where the word that ends furthest to the right ends, in points; the text may run to 519."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    return max(float(found) for found in re.findall(r'<word [^>]*xMax="([0-9.]+)"', said))


def test_hostile_text_is_printed_literally_or_named_and_the_file_conforms() -> None:
    texts = [typed for typed, _ in HOSTILE if "\ud800" not in typed]
    pdf = a_hostile_report(texts)
    text = text_of(pdf)

    assert [printed for typed, printed in HOSTILE if typed in texts and printed not in text] == []
    assert failures(pdf, "3a") == []
    assert failures(pdf, "ua1") == []


@pytest.mark.parametrize(("typed", "printed"), HOSTILE)
def test_each_hostile_text_has_a_printed_form(typed: str, printed: str) -> None:
    assert " ".join(form(typed, printable()).split()) == printed


def test_markup_in_titles_and_names_is_text() -> None:
    pdf = render(
        a_source(
            advice={"organisation": "<b>Provincie</b> \U0001f3db", "committee": "{{ 7*7 }} & co"},
            snapshot={"team": [{"name": "<i>Noor</i>", "role": '"><script>'}]},
        )
    )
    text = text_of(pdf)

    assert "<b>Provincie</b> ⟨U+1F3DB⟩ {{ 7*7 }} & co" in text
    assert '<i>Noor</i> "><script>' in text
    assert failures(pdf, "3a") == []


def test_word_of_ten_thousand_characters_stays_on_the_page(tmp_path: Path) -> None:
    word = "abcdefghij" * 1000
    pdf = a_hostile_report([word])

    assert word in text_of(pdf).replace(" ", "")
    assert furthest_right(pdf, tmp_path) < 519


def test_table_of_two_hundred_rows_prints_every_row_under_a_repeated_head() -> None:
    rows = [{"what": f"Regel {number}.", "who": "Noor", "when": "2027-01-31"} for number in range(200)]
    pdf = render(
        a_source(snapshot={"answers": [{"question": "1.actions", "item": "", "answer": {"rows": rows}}]})
    )
    text = text_of(pdf)
    first = text[: text.rindex("1 Waarom?")]

    assert [number for number in range(200) if f"Regel {number}. Noor 31 januari 2027" not in first] == []
    assert first.count("Wat Wie Uiterlijk") > 3
    assert failures(pdf, "ua1") == []


def test_run_of_combining_marks_is_cut_and_the_file_conforms() -> None:
    pdf = a_hostile_report(["a" + "\u0301" * 5000 + "b", "\u0301" * 20])

    assert failures(pdf, "3a") == []
    assert text_of(pdf).count("\u0301") <= 16 + 1


def test_long_words_in_titles_cells_and_names_stay_on_the_page(tmp_path: Path) -> None:
    word = "W" * 300
    source = a_source(
        snapshot={
            "team": [{"name": word, "role": word}],
            "dossier": {
                "id": "",
                "reference": "ETH-2026-0007",
                **dict.fromkeys(("title", "purpose", "unit", "kind", "phase"), word),
            },
            "answers": [
                {
                    "question": "1.actions",
                    "item": "",
                    "answer": {"rows": [{"what": word, "who": word, "when": word}]},
                }
            ],
        },
        advice={"conditions": [{"text": word, "owner": word, "due_on": "2027-01-31"}], "committee": word},
    )

    assert furthest_right(render(source), tmp_path) < 519


FULL = 20_000
"""Characters that one answer may have."""
PAPER = (40, 20, 555, 822)
"""Left, top, right and bottom within which everything is printed, in points."""


def words_with_boxes(pdf: bytes, folder: Path) -> list[tuple[str, tuple[float, ...]]]:
    """Every word in the order in which it is read, with its left, top, right and bottom."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', said)
    return [(word, tuple(float(edge) for edge in edges)) for *edges, word in found]


def outside(words: list[tuple[str, tuple[float, ...]]]) -> list[str]:
    left, top, right, bottom = PAPER
    return [
        word
        for word, (x_min, y_min, x_max, y_max) in words
        if not (left < x_min < x_max < right and top < y_min < y_max < bottom)
    ]


def test_full_answers_are_printed_word_for_word_inside_the_page(tmp_path: Path) -> None:
    questions, size = ["1.1.1", "1.1.2", "1.2.1", "4.1.1"], FULL // 7
    words = [f"w{number:05}" for number in range(2 * len(questions) * size)]
    texts = [" ".join(words[start : start + size]) for start in range(0, len(words), size)]
    rows = [
        {"question": question, "item": "", "answer": {"text": text, "considerations": considerations}}
        for question, text, considerations in zip(questions, texts[::2], texts[1::2], strict=True)
    ]
    pdf = render(a_source(snapshot={"answers": rows}))
    found = words_with_boxes(pdf, tmp_path)

    assert [word for word, _ in found if re.fullmatch(r"w[0-9]{5}", word)] == words
    assert outside(found) == []
    assert breaches(pdf) == ()


@pytest.mark.parametrize(
    "text", ["a\n" * 10_000, "a\n\n" * 6_666, "- a\n" * 5_000, "|a|b|\n|-|-|\n" + "|a|b|\n" * 3_000]
)
def test_text_of_too_many_lines_from_before_the_limit_prints_in_seconds(text: str) -> None:
    start = time.process_time()
    pdf = a_hostile_report([text])

    assert time.process_time() - start < 20
    assert breaches(pdf) == ()
    assert text_of(pdf).count("¶") > 100
