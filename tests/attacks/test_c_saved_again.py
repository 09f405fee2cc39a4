"""C: a file that was saved again is never believed, and where it can be seen that somebody changed it, that is said."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import pikepdf
import pypdf
import pytest

from ethiek.reports.inspection import inspect_anything
from ethiek.reports.instance import current
from ethiek.reports.sentences import sentence
from ethiek.reports.source import digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import judge
from tests.attacks.tampering import TAMPERINGS, rewritten
from tests.unit.reports.authority import NOW, Authority
from tests.unit.reports.stamped import sealed

AUTHORITY = Authority()
ADVICE_PAGE: Final = 3


@pytest.fixture(scope="module", params=["B-B", "B-LTA"])
def issued(request: pytest.FixtureRequest) -> bytes:
    return sealed(AUTHORITY, request.param, NOW)


def checked(pdf: bytes, record: str | None = None, language: str = "en") -> Verification:
    facts = inspect_anything(pdf, [AUTHORITY.root.pem])
    return judge(digest(pdf), facts, known_sha256=record, language=language)


def failures(pdf: bytes, record: str | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.sentence) for one in checked(pdf, record).failures()]


def says(words: str) -> str:
    return sentence(words, "en", ok=False)


def by_qpdf(pdf: bytes, folder: Path) -> bytes:
    """As many programs for PDF save a file: everything is there, and every object is somewhere else."""
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed")
    before, after = folder / "before.pdf", folder / "after.pdf"
    before.write_bytes(pdf)
    subprocess.run(["qpdf", "--object-streams=disable", before, after], check=True)
    return after.read_bytes()


def by_pikepdf(pdf: bytes, folder: Path) -> bytes:
    del folder
    return rewritten(lambda _: None)(pdf)


def by_pypdf(pdf: bytes, folder: Path) -> bytes:
    del folder
    output = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(pdf)).write(output)
    return output.getvalue()


def with_another_title(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Een andere titel"})
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _swap_words(number: int) -> Callable[[pikepdf.Pdf], None]:
    """Two lines of a page change places: the letters are all there, and say something else."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[number]
        operations = list(pikepdf.parse_content_stream(page))
        shown = [at for at, one in enumerate(operations) if str(one.operator) in {"TJ", "Tj"}]
        first, second = shown[len(shown) // 3], shown[len(shown) // 3 + 1]
        one, other = operations[first], operations[second]
        operations[first] = pikepdf.ContentStreamInstruction(other.operands, one.operator)
        operations[second] = pikepdf.ContentStreamInstruction(one.operands, other.operator)
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(operations))

    return change


def _without_page(document: pikepdf.Pdf) -> None:
    del document.pages[ADVICE_PAGE]


@pytest.mark.parametrize("save", [by_qpdf, by_pikepdf, by_pypdf])
def test_file_that_a_program_saved_again_may_be_innocent_or_not_and_is_not_believed(
    issued: bytes, save: Callable[[bytes, Path], bytes], tmp_path: Path
) -> None:
    assert failures(save(issued, tmp_path)) == [("resaved", says("resaved"))]


def test_sentence_about_a_file_that_was_saved_again_says_what_to_do_in_dutch() -> None:
    (failed,) = checked(by_pikepdf(sealed(AUTHORITY, "B-B", NOW), Path()), language="nl").failures()

    assert failed.sentence == (
        "Het bestand is opnieuw opgeslagen, en geen zegel geldt nog voor dit bestand. Dat kan onschuldig zijn (door "
        "een programma om te lezen) of een vervalsing: een deel van een pagina kan bedekt of veranderd zijn. Geloof "
        "niets wat erin staat, en vraag de organisatie om het oorspronkelijke bestand."
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rewritten(_swap_words(ADVICE_PAGE)), [("resaved", says("reprinted"))]),
        (rewritten(_without_page), [("resaved", says("reprinted"))]),
        (TAMPERINGS["rewritten: page painted over"], [("resaved", says("resaved"))]),
    ],
)
def test_forgery_that_was_saved_again_is_called_that_where_text_or_data_show_it(
    issued: bytes, change: Callable[[bytes], bytes], expected: list[tuple[str, str]]
) -> None:
    assert failures(change(issued)) == expected


def test_swapped_data_in_a_file_that_was_saved_again_are_named_as_the_cause(issued: bytes) -> None:
    found = failures(TAMPERINGS["rewritten: data file swapped"](issued))

    assert found[0] == ("resaved", says("forged"))
    assert [code for code, _ in found[1:]] == ["snapshot", "advice"]


def test_record_tells_that_a_file_that_was_saved_again_is_not_the_issued_one(issued: bytes) -> None:
    saved = by_pikepdf(issued, Path())

    assert [code for code, _ in failures(saved, digest(issued))] == ["known", "resaved"]
    assert failures(issued, digest(issued)) == []


def test_record_finds_the_issued_document_at_the_beginning_of_an_extended_one(issued: bytes) -> None:
    """What a viewer adds behind it leaves the issued bytes as they were: they can be had back."""
    saved = with_another_title(issued)

    assert failures(saved) == [("resaved", says("extended"))]
    assert failures(saved, digest(issued)) == [
        ("known", sentence("inside", "en", ok=False, size=str(len(issued)))),
        ("resaved", says("extended")),
    ]
    assert saved[: len(issued)] == issued


@contextmanager
def an_instance_that_knows(sha256: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            status = "valid" if self.path.endswith(sha256) else "unknown"
            self.wfile.write(json.dumps({"status": status}).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_instance_tells_an_extended_document_from_one_that_was_written_anew(issued: bytes) -> None:
    with an_instance_that_knows(digest(issued)) as address:
        said = [
            current(address, result.sha256, "en", inside_sha256=result.inside_sha256).sentence
            for result in map(checked, (issued, with_another_title(issued), by_pikepdf(issued, Path())))
        ]

    assert said == [
        "The organisation says that this is its valid advice.",
        says("asked_inside"),
        "The organisation says that this advice does not hold: it does not know this file as one that it issued.",
    ]
