"""C: a report that was tampered with is seen, offline as far as cryptography reaches, and always with the record."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from ethiek.reports.inspection import inspect_anything
from ethiek.reports.pki import ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import digest
from ethiek.reports.verification import Finding, Verification
from ethiek.reports.verify import judge
from tests.attacks.tampering import OF_PROVEN, OF_STAMPED, TAMPERINGS, first_state, flipped
from tests.unit.reports.authority import NOW, Authority
from tests.unit.reports.sources import a_source
from tests.unit.reports.stamped import sealed

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "controlematrix.md"
MARKS: Final = re.compile(r"(<!-- table -->\n).*?(<!-- /table -->)", re.DOTALL)
POSITIONS: Final = int(os.environ.get("ETHIEK_FLIPS", "300"))
"""How many bytes of each report are changed, one at a time and spread evenly; more takes minutes."""
EACH: Final = 4
"""How many more in every part that is so small that chance would pass it by."""
AUTHORITY: Final = Authority()
GENUINE: Final = "another genuine report in its place"
"""In order by itself: only the record of the organisation knows that it is the wrong one."""

Check = Callable[[bytes], Verification]


@dataclass(frozen=True)
class Row:
    """What the check finds wrong offline, and whether it finds anything with the record at hand."""

    name: str
    failures: tuple[Finding, ...]
    seen_with_record: bool


@pytest.fixture(autouse=True, scope="module")
def quiet() -> None:
    """The library writes a page about every forgery."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Pkcs12Signer:
    return Pkcs12Signer.of_test_pki(ensure_test_pki(tmp_path_factory.mktemp("foreign") / "pki"))


@pytest.fixture(scope="module")
def roots(trust: list[bytes]) -> list[bytes]:
    return [*trust, AUTHORITY.root.pem]


@pytest.fixture(scope="module")
def check(roots: list[bytes]) -> Check:
    """Check offline, in this process: that makes hundreds of changes affordable."""
    return lambda pdf: judge(digest(pdf), inspect_anything(pdf, roots), language="en")


@pytest.fixture(scope="module")
def stamped() -> bytes:
    """A report of the highest level: data for later checks and a time stamp behind its seal."""
    return sealed(AUTHORITY, "B-LTA", NOW)


@pytest.fixture(scope="module")
def cases(
    signed: bytes, stamped: bytes, unsigned: bytes, signer: Pkcs12Signer, foreign: Pkcs12Signer
) -> list[tuple[str, bytes, bytes]]:
    """Name of each case, the file, and the genuine one that it pretends to be."""
    proven = sealed(AUTHORITY, "B-T", NOW)
    now, other = datetime.now(UTC), render(a_source(advice={"motivation": "Anders."}))
    return [
        *((name, tamper(signed), signed) for name, tamper in TAMPERINGS.items()),
        *((name, tamper(stamped), stamped) for name, tamper in OF_STAMPED.items()),
        *((name, tamper(proven), proven) for name, tamper in OF_PROVEN.items()),
        ("sealed by others under the same name", foreign.seal(unsigned, reason="Advies", at=now), signed),
        ("seal of this report on another", transplanted(signed, other), signed),
        (GENUINE, signer.seal(other, reason="Advies", at=now), signed),
    ]


@pytest.fixture(scope="module")
def matrix(cases: list[tuple[str, bytes, bytes]], roots: list[bytes]) -> list[Row]:
    """What the check says of every case, offline and with the record of the organisation."""
    return [_row(name, tampered, genuine, roots) for name, tampered, genuine in cases]


def _row(name: str, tampered: bytes, genuine: bytes, roots: list[bytes]) -> Row:
    facts = inspect_anything(tampered, roots)
    offline = judge(digest(tampered), facts, language="en")
    with_record = judge(digest(tampered), facts, known_sha256=digest(genuine), language="en")
    return Row(name, offline.failures(), seen_with_record=not with_record.ok)


def transplanted(signed: bytes, other: bytes) -> bytes:
    """The bytes of the seal behind another report, padded so that every position is right."""
    found = re.search(rb"/ByteRange \[0 (\d+) ", signed)
    assert found is not None
    end = signed.index(b"%%EOF") + 6
    return other[: end - 1].ljust(end, b"\n") + signed[end:]


def failed(result: Verification) -> list[str]:
    return [finding.code for finding in result.failures()]


def table(matrix: list[Row]) -> Iterator[str]:
    yield "| what was done | seen offline by | with the record | sentence of the check |"
    yield "|---|---|---|---|"
    for row in matrix:
        seen = ", ".join(f"`{finding.code}`" for finding in row.failures) or "–"
        sentence = _telling(row.failures)
        yield f"| {row.name} | {seen} | {'seen' if row.seen_with_record else 'NOT SEEN'} | {sentence} |"


def _telling(failures: tuple[Finding, ...]) -> str:
    """The sentence that says most: what was edited, else the first."""
    edited = [one.sentence for one in failures if one.code == "unchanged"]
    return (edited or [one.sentence for one in failures] or ["–"])[0]


def test_untouched_reports_pass(signed: bytes, stamped: bytes, check: Check) -> None:
    assert [failed(check(signed)), failed(check(stamped))] == [[], []]


def test_everything_is_seen_with_the_record_and_offline_all_but_another_genuine_report(
    matrix: list[Row],
) -> None:
    assert [row.name for row in matrix if not row.seen_with_record] == []
    assert [row.name for row in matrix if not row.failures] == [GENUINE]


def test_the_matrix_in_the_documentation_is_what_the_check_says(matrix: list[Row]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = "\n".join(table(matrix))

    assert MARKS.sub(lambda found: f"{found[1]}{lines}\n{found[2]}", text) == text


def test_report_that_was_cut_back_to_its_seal_is_told_what_is_missing(stamped: bytes, check: Check) -> None:
    result = check(first_state(stamped))

    assert failed(result) == ["signatures"]
    assert "ArchiveTimestamp1" in result.failures()[0].sentence


def test_report_that_was_only_saved_again_is_called_that(matrix: list[Row]) -> None:
    (row,) = (row for row in matrix if row.name == "rewritten: nothing changed")

    assert [finding.code for finding in row.failures] == ["resaved"]


PARTS: Final = {
    "header": rb"\A%PDF-1\.7\n%.{4}\n",
    "page": rb"stream\r?\n.{200}",
    "properties": rb"<\?xpacket begin.*?<\?xpacket end=\"[rw]\"\?>",
    "range of a signature": rb"/ByteRange \[[0-9 ]+\]",
    "signature": rb"/Contents <[0-9A-Fa-f]{2000}",
    "room behind a signature": rb"0{500}>",
    "object": rb"[0-9]+ 0 obj\n?<<",
    "cross-references": rb"/Type /XRef.{60}",
    "end": rb"startxref\n[0-9]+\n%%EOF",
}
"""What every report has, as a pattern; each occurrence is a part."""


def positions(pdf: bytes) -> list[int]:
    """Bytes over the whole file, and some in every kind of part, the first and the last of its occurrences."""
    chosen = set(range(0, len(pdf), max(1, len(pdf) // POSITIONS)))
    for pattern in PARTS.values():
        found = [match.span() for match in re.finditer(pattern, pdf, re.DOTALL)]
        assert found, pattern
        for start, end in (found[0], found[-1]):
            chosen.update(start + (end - 1 - start) * number // (EACH - 1) for number in range(EACH))
    return sorted(chosen)


@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_every_changed_byte_is_seen_offline_and_with_the_record(level: str, roots: list[bytes]) -> None:
    """Also in what no signature covers: the signatures themselves, and the room behind them."""
    pdf = sealed(AUTHORITY, level, NOW)
    unseen = []
    for position in positions(pdf):
        changed = flipped(pdf, position, 1 << position % 8)
        facts = inspect_anything(changed, roots)
        offline, recorded = (judge(digest(changed), facts, known_sha256=one) for one in (None, digest(pdf)))
        if offline.ok or recorded.ok:
            unseen.append(position)

    assert len(positions(pdf)) >= POSITIONS
    assert unseen == []
