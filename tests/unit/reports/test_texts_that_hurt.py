"""Texts that hurt, through the process that renders reports: read back as typed or named, inside the page, harmless.

What is read back is what ``pdftotext -raw`` finds, in the order of the file. It leaves out what lies outside the
page, so that a text that is complete is a text on its page; where it lies is told by ``pdftotext -bbox``.
"""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ethiek.questionnaires.model import Column, Kind, Part, Question, Section
from ethiek.reports.fonts import printable
from ethiek.reports.gate import breaches
from ethiek.reports.isolated import render_isolated
from ethiek.reports.plain_text import MAX_COMBINING, printed
from ethiek.reports.source import ReportSource
from tests.unit.reports.sources import a_questionnaire, a_source
from tests.unit.reports.test_hostile_text import words_with_boxes
from tests.unit.reports.texts_that_hurt import KINDS, MARKS

LEFT, TOP, RIGHT, BOTTOM = 76.0, 20.0, 520.0, 822.0
"""Within which everything is printed, in points: the margins of the page, with headers and footers."""
COLUMNS, ROWS, WORDS, MORE_WORDS = 6, 2000, 50_000, 20_000
BUSY_SECONDS = 600
"""On the clock: the limit on processor time is what is tested, and the machine may be busy."""
MARGINS = re.compile(
    r"Ethisch advies ETH-2026-0007\s+Provincie Voorbeeldland\s+Positief onder voorwaarden\s+Pagina \d+ van \d+"
)


def a_report_with(questions: list[Question], answers: list[dict[str, Any]]) -> ReportSource:
    """A report in which only these questions are asked."""
    section = Section("9.0", "Vragen", tuple(questions))
    rows = [
        {"question": question.id, "item": "", "answer": answer}
        for question, answer in zip(questions, answers, strict=True)
    ]
    return a_source(
        questionnaire=replace(a_questionnaire(), parts=(Part("9", "Alles", (section,)),)),
        snapshot={"answers": rows, "warnings": [], "not_asked": []},
        advice={"remarks": []},
    )


def label(number: int) -> str:
    return f"VRAAG{number:02}:"


def open_question(number: int) -> Question:
    return Question(f"9.{number}", label(number), Kind.OPEN_TEXT)


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page in the order of the file, without headers and footers."""
    (folder / "read.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-raw", folder / "read.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    return [MARGINS.sub("", page) for page in said.split("\f")]


def squeezed(text: str) -> str:
    """Without white space, and without the places where a long word may be broken; letters with marks as one (NFC)."""
    return unicodedata.normalize("NFC", "".join(text.replace("\u200b", "").split()))


def outside(pdf: bytes, folder: Path) -> list[str]:
    return [
        word
        for word, (x_min, y_min, x_max, y_max) in words_with_boxes(pdf, folder)
        if not (LEFT < x_min < x_max < RIGHT and TOP < y_min < y_max < BOTTOM)
    ]


@pytest.fixture(scope="module")
def report() -> bytes:
    """One answer of each kind."""
    typed = [{"text": text} for text, _ in KINDS.values()]
    return render_isolated(a_report_with(list(map(open_question, range(len(typed)))), typed))


@pytest.fixture(scope="module")
def read(report: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    return squeezed("".join(pages_of(report, tmp_path_factory.mktemp("hurt"))))


@pytest.mark.parametrize(("number", "kind"), list(enumerate(KINDS)))
def test_text_of_each_kind_is_read_as_it_was_typed_or_named(read: str, number: int, kind: str) -> None:
    start = read.rindex(label(number)) + len(label(number))
    rest = read[start:]
    expected = squeezed(KINDS[kind][1])

    assert rest[: len(expected)] == expected
    assert rest[len(expected) :].startswith((label(number + 1), "Actiepunten"))


def test_texts_that_hurt_stay_inside_the_margins(report: bytes, tmp_path: Path) -> None:
    assert outside(report, tmp_path) == []
    assert breaches(report) == ()


def test_texts_that_hurt_add_nothing_that_does_or_loads_something(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as document:
        links = [note for page in document.pages for note in page.obj.get("/Annots", ())]
        addresses = {str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A}
        actions = {str(link.A.S) for link in links if "/A" in link}
        images = [name for page in document.pages for name in page.get_images()]
        assert (actions, images) == ({"/URI"}, [])
        assert "/JavaScript" not in document.Root.Names
        assert len(document.attachments) == 4
    assert addresses == {"https://example.org/doel", "https://example.org/x.png"} | addresses_of_the_report(
        addresses
    )


def addresses_of_the_report(found: set[str]) -> set[str]:
    """Those that a report without any of these texts has too."""
    return found & {"https://example.org/proeftoets"}


def test_marks_stay_with_their_letter_and_the_rest_is_counted() -> None:
    assert printed(f"Z{MARKS}!", printable()) == f"Z{MARKS[:MAX_COMBINING]}⟨+{len(MARKS) - MAX_COMBINING}⟩!"
    assert printed("a\u0301\u0302\u0303", printable()) == "a\u0301\u0302\u0303"


@pytest.fixture(scope="module")
def huge() -> bytes:
    """More than the application lets anybody type, as a snapshot from elsewhere may hold."""
    columns = tuple(Column(f"c{column}", f"Kolom{column}", Kind.OPEN_TEXT) for column in range(COLUMNS))
    table = Question("9.table", label(1), Kind.TABLE, columns=columns)
    words = [f"w{number:05}" for number in range(WORDS + MORE_WORDS)]
    in_pieces = "\n\n".join(
        " ".join(words[start : start + 100]) for start in range(WORDS, WORDS + MORE_WORDS, 100)
    )
    rows = [{f"c{column}": f"r{row}k{column}" for column in range(COLUMNS)} for row in range(ROWS)]
    source = a_report_with(
        [open_question(0), table, open_question(2)],
        [{"text": " ".join(words[:WORDS])}, {"rows": rows}, {"text": in_pieces}],
    )
    return render_isolated(source, wall_seconds=BUSY_SECONDS)


@pytest.fixture(scope="module")
def huge_pages(huge: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return pages_of(huge, tmp_path_factory.mktemp("huge"))


def test_fifty_thousand_words_in_one_answer_are_all_there_in_order(huge_pages: list[str]) -> None:
    assert len(huge_pages) > 200
    assert re.findall(r"\bw[0-9]{5}\b", " ".join(huge_pages)) == [
        f"w{number:05}" for number in range(WORDS + MORE_WORDS)
    ]


def test_table_of_two_thousand_rows_is_complete_under_a_head_on_every_page(huge_pages: list[str]) -> None:
    cells = [re.findall(r"\br\d+k\d\b", page) for page in huge_pages]
    head = " ".join(f"Kolom{column}" for column in range(COLUMNS))

    assert [cell for page in cells for cell in page] == [
        f"r{row}k{column}" for row in range(ROWS) for column in range(COLUMNS)
    ]
    assert [page.count(head) for page in huge_pages] == [int(bool(found)) for found in cells]
    assert sum(map(bool, cells)) > 40


def test_everything_of_a_huge_report_stays_inside_the_margins(huge: bytes, tmp_path: Path) -> None:
    assert outside(huge, tmp_path) == []


def test_pages_in_the_contents_are_those_of_a_huge_report(huge: bytes, huge_pages: list[str]) -> None:
    contents = next(page for page in huge_pages if page.lstrip().startswith("Inhoud"))
    said = re.search(r"Actiepunten[\s.]+(\d+)", contents)
    assert said is not None
    with pikepdf.open(io.BytesIO(huge)) as document:
        assert len(document.pages) == len(huge_pages) - 1  # behind the last page there is a form feed too

    assert "Actiepunten" in huge_pages[int(said[1]) - 1]


def cells_of(words: int, columns: int, start: int) -> dict[str, str]:
    return {
        f"c{column}": " ".join(f"w{start + column * words + number:05}" for number in range(words))
        for column in range(columns)
    }


def test_row_that_is_longer_than_a_page_runs_on_under_the_head(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{column}", f"Kolom{column}", Kind.OPEN_TEXT) for column in range(3))
    rows = [cells_of(2, 3, 0), cells_of(400, 3, 6), cells_of(2, 3, 1206)]
    table = Question("9.table", label(0), Kind.TABLE, columns=columns)
    pages = pages_of(render_isolated(a_report_with([table], [{"rows": rows}])), tmp_path)
    found = [re.findall(r"\bw[0-9]{5}\b", page) for page in pages]

    assert sorted(word for page in found for word in page) == [f"w{number:05}" for number in range(1212)]
    assert sum(map(bool, found)) > 2
    assert [page.count("Kolom0 Kolom1 Kolom2") for page in pages] == [int(bool(words)) for words in found]


def test_short_rows_are_never_cut(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{column}", f"Kolom{column}", Kind.OPEN_TEXT) for column in range(COLUMNS))
    rows = [{**cells_of(6, 1, 6 * row), "c1": "kort"} for row in range(60)]
    table = Question("9.table", label(0), Kind.TABLE, columns=columns)
    pages = pages_of(render_isolated(a_report_with([table], [{"rows": rows}])), tmp_path)
    found = [[int(word) for word in re.findall(r"\bw([0-9]{5})\b", page)] for page in pages]

    assert [word for page in found for word in page] == list(range(360))
    assert [(page[0] % 6, page[-1] % 6) for page in found if page] == [(0, 5)] * sum(map(bool, found))
    assert sum(map(bool, found)) > 1


def test_shortest_report_and_one_with_nothing_filled_in_are_printed(tmp_path: Path) -> None:
    pdf = render_isolated(a_report_with([open_question(0)], [{}]))

    assert "Niet beantwoord" in "".join(pages_of(pdf, tmp_path))
    assert outside(pdf, tmp_path) == []
