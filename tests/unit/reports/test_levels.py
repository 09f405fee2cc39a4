"""Four verifiers on the same files: each says what it can see, and none contradicts ours on that."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from ethiek.reports.inspection import inspect_anything
from ethiek.reports.source import digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import judge
from tests.unit.reports.authority import NOW, YEAR, Authority
from tests.unit.reports.stamped import sealed, stamped_again, unsigned, without_stamp
from tests.unit.reports.verifiers import by_openssl, by_pdfsig, by_pyhanko

MATRIX = Path(__file__).parents[3] / "docs" / "controlematrix.md"
THEN = NOW - 2 * YEAR - timedelta(days=30)
"""The certificate of the seal was good then, and is not any more."""

NEW, OLD, STRANGER = Authority(), Authority(NOW - 3 * YEAR), Authority()
FIRST_STAMPER = OLD.party("Eerste tijdstempeldienst", days=2 * 365, stamps=True)
"""Its certificate ended a year ago."""
NEWER_STAMPER = OLD.party("Nieuwe tijdstempeldienst", days=3650, stamps=True)

NOW_ONLY = "judges as of now"
NO_LISTS = "has no revocation lists"
NO_STAMPS = "does not check time stamps"
SEAL_ALONE = "does not know what should be there"
NO_END = "looks at revisions, not at the end of the file"
THIS_ROOT = "takes the stamp in a seal as it is"


@dataclass(frozen=True)
class Sample:
    """A file, and what is to be found in it.

    ``blind``: verifiers that cannot see what is wrong, and why. ``wary``: those that see something wrong where time
    stamps show that nothing is, and why. ``moment``: when it is looked at, if not now.
    """

    make: Callable[[], bytes]
    failed: tuple[str, ...] = ()
    level: str = "B-B"
    authority: Authority = NEW
    crls: tuple[bytes, ...] = ()
    blind: Mapping[str, str] = field(default_factory=dict)
    wary: Mapping[str, str] = field(default_factory=dict)
    moment: datetime | None = None


EVERYBODY_LIVES_NOW = {"pyhanko": NOW_ONLY, "pdfsig": NOW_ONLY, "openssl": NOW_ONLY}


def at_end_of_seal(pdf: bytes) -> bytes:
    """The state between seal and time stamp: sealed, and shorter than it should be."""
    seal = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return pdf[: int(seal.byte_range[2]) + int(seal.byte_range[3])]


def with_another_byte(pdf: bytes) -> bytes:
    changed = bytearray(pdf)
    changed[20_000] ^= 1
    return bytes(changed)


def saved_again(pdf: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(output)
    return output.getvalue()


SAMPLES = {
    "B-B": Sample(lambda: sealed(NEW, "B-B", NOW)),
    "B-T": Sample(lambda: sealed(NEW, "B-T", NOW), level="B-T"),
    "B-LTA": Sample(lambda: sealed(NEW, "B-LTA", NOW), level="B-LTA"),
    "tampered": Sample(lambda: with_another_byte(sealed(NEW, "B-LTA", NOW)), ("intact",), "B-LT"),
    "expired": Sample(lambda: sealed(OLD, "B-B", THEN), ("trusted",), authority=OLD),
    "expired, but time stamped before": Sample(
        lambda: sealed(OLD, "B-T", THEN),
        level="B-T",
        authority=OLD,
        wary=EVERYBODY_LIVES_NOW,
    ),
    "revoked": Sample(
        lambda: sealed(NEW, "B-B", NOW),
        ("trusted",),
        crls=(NEW.crl(NOW, NOW - timedelta(hours=5)),),
        blind={"pdfsig": NO_LISTS},
    ),
    "revoked before its time stamp": Sample(
        lambda: sealed(OLD, "B-T", THEN),
        ("trusted",),
        level="B-T",
        authority=OLD,
        crls=(OLD.crl(NOW, THEN - timedelta(days=1)),),
    ),
    "revoked after its time stamp": Sample(
        lambda: sealed(OLD, "B-T", THEN),
        level="B-T",
        authority=OLD,
        crls=(OLD.crl(NOW, THEN + timedelta(days=1)),),
        wary=EVERYBODY_LIVES_NOW,
    ),
    "untrusted": Sample(lambda: sealed(STRANGER, "B-B", NOW), ("trusted",)),
    "untrusted time stamp": Sample(
        lambda: sealed(NEW, "B-T", NOW, stamper=STRANGER.stamper),
        ("timestamps",),
        blind={"pdfsig": NO_STAMPS, "openssl": THIS_ROOT},
    ),
    "time stamped again": Sample(
        lambda: stamped_again(sealed(OLD, "B-LTA", THEN), OLD, NOW, NEWER_STAMPER),
        level="B-LTA",
        authority=OLD,
        wary=EVERYBODY_LIVES_NOW,
    ),
    "expired, but kept with an archive time stamp": Sample(
        lambda: sealed(OLD, "B-LTA", THEN), level="B-LTA", authority=OLD, wary=EVERYBODY_LIVES_NOW
    ),
    "revoked after its archive time stamp": Sample(
        lambda: sealed(OLD, "B-LTA", THEN),
        level="B-LTA",
        authority=OLD,
        crls=(OLD.crl(NOW, THEN + timedelta(days=1)),),
        wary=EVERYBODY_LIVES_NOW,
    ),
    "the time stamp authority ended, not renewed": Sample(
        lambda: sealed(OLD, "B-LTA", THEN, stamper=FIRST_STAMPER), ("trusted", "timestamps"), authority=OLD
    ),
    "renewed by a newer authority before the first ended": Sample(
        lambda: stamped_again(
            sealed(OLD, "B-LTA", THEN, stamper=FIRST_STAMPER),
            OLD,
            NOW - YEAR - timedelta(days=9),
            NEWER_STAMPER,
        ),
        level="B-LTA",
        authority=OLD,
        wary=EVERYBODY_LIVES_NOW,
    ),
    "renewed by a newer authority after the first ended": Sample(
        lambda: stamped_again(
            sealed(OLD, "B-LTA", THEN, stamper=FIRST_STAMPER), OLD, NOW, NEWER_STAMPER, checked=False
        ),
        ("trusted", "timestamps"),
        level="B-T",
        authority=OLD,
    ),
    "five years from now": Sample(
        lambda: sealed(NEW, "B-LTA", NOW),
        level="B-LTA",
        wary={"pyhanko": NOW_ONLY, "openssl": NOW_ONLY},
        moment=NOW + 5 * YEAR,
    ),
    "eleven years from now, never renewed": Sample(
        lambda: sealed(NEW, "B-LTA", NOW), ("trusted", "timestamps"), moment=NOW + 11 * YEAR
    ),
    "cut back to the seal": Sample(
        lambda: at_end_of_seal(sealed(NEW, "B-LTA", NOW)),
        ("signatures",),
        level="B-T",
        blind={"pyhanko": SEAL_ALONE, "pdfsig": SEAL_ALONE, "openssl": SEAL_ALONE},
    ),
    "something behind it": Sample(
        lambda: sealed(NEW, "B-LTA", NOW) + b"\n% junk\n",
        ("whole",),
        level="B-LTA",
        blind={"pyhanko": NO_END, "pdfsig": NO_END},
    ),
    "saved again": Sample(lambda: saved_again(sealed(NEW, "B-LTA", NOW)), ("resaved",)),
}


def verified(sample: Sample, pdf: bytes) -> Verification:
    facts = inspect_anything(pdf, [sample.authority.root.pem], sample.crls, now=sample.moment)
    return judge(digest(pdf), facts, language="en")


def others_say(sample: Sample, pdf: bytes, folder: Path) -> dict[str, bool]:
    """The verdicts of the others; pdfsig knows no other moment than now."""
    root, crls = sample.authority.root, list(sample.crls)
    said = {
        "pyhanko": by_pyhanko(pdf, root, crls, sample.moment),
        "openssl": by_openssl(pdf, root, crls, folder, sample.moment),
    }
    return said if sample.moment else {**said, "pdfsig": by_pdfsig(pdf, root, folder)}


@pytest.mark.parametrize("name", SAMPLES)
def test_verifiers_agree_on_what_each_can_see(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    pdf = sample.make()
    result, others = verified(sample, pdf), others_say(sample, pdf, tmp_path)

    assert (tuple(finding.code for finding in result.failures()), result.level) == (
        sample.failed,
        sample.level,
    )
    assert others == {
        other: (result.ok and other not in sample.wary) or other in sample.blind for other in others
    }


def rows() -> Iterator[str]:
    yield "| sample | Ethiek | level | pyHanko | `pdfsig` | OpenSSL |"
    yield "|---|---|---|---|---|---|"
    for name, sample in SAMPLES.items():
        cells = (_cell(sample, other) for other in ("pyhanko", "pdfsig", "openssl"))
        failed = ", ".join(f"`{code}`" for code in sample.failed) or "passes"
        yield f"| {name} | {failed} | {sample.level} | {' | '.join(cells)} |"


def _cell(sample: Sample, other: str) -> str:
    if other == "pdfsig" and sample.moment:
        return "–"
    if other in sample.blind:
        return f"passes: {sample.blind[other]}"
    if other in sample.wary:
        return f"fails: {sample.wary[other]}"
    return "fails" if sample.failed else "passes"


def test_table_in_the_documentation_is_the_one_that_is_tested() -> None:
    text = MATRIX.read_text(encoding="utf-8")
    _, found = text.split("<!-- verifiers -->\n")
    assert found.split("<!-- /verifiers -->")[0] == "".join(f"{row}\n" for row in rows())


WEAKENED: dict[str, tuple[Callable[[], bytes], tuple[str, ...], str]] = {
    "the stamp of B-T": (
        lambda: without_stamp(sealed(NEW, "B-T", NOW)),
        ("level",),
        "The time stamp was taken out of the seal: the document should have level B-T, and has B-B.",
    ),
    "the stamp in the seal of B-LTA": (
        lambda: without_stamp(sealed(NEW, "B-LTA", NOW)),
        ("level", "intact"),
        "The time stamp was taken out of the seal: the document should have level B-LTA, and has B-B.",
    ),
    "everything behind the seal of B-LTA": (
        lambda: at_end_of_seal(sealed(NEW, "B-LTA", NOW)),
        ("signatures",),
        "The file was cut back to an earlier state: ArchiveTimestamp1 should still be in it.",
    ),
    "the data that were promised": (
        lambda: sealed(NEW, "B-T", NOW, promised="B-LT"),
        ("level",),
        (
            "The data with which the seal can be checked later are gone: the document should have level B-LT, "
            "and has B-T."
        ),
    ),
    "the level itself": (
        lambda: sealed(NEW, "B-T", NOW, promised="B-XL"),
        ("level",),
        "The proof inside the document should have level ?, and has B-T.",
    ),
}
"""What was taken away or never there -> what fails, and the first sentence about it."""


@pytest.mark.parametrize("what", WEAKENED)
def test_report_with_less_proof_than_it_promises_says_what_is_gone(what: str) -> None:
    make, failed, sentence = WEAKENED[what]
    failures = verified(Sample(make), make()).failures()

    assert (tuple(one.code for one in failures), failures[0].sentence) == (failed, sentence)


def test_report_with_more_proof_than_it_promises_is_in_order() -> None:
    assert verified(Sample(bytes), sealed(NEW, "B-T", NOW, promised="B-B")).failures() == ()


@pytest.mark.parametrize("version", [1, 2])
def test_report_of_an_older_format_is_in_order_and_cannot_say_its_level(version: int) -> None:
    old = sealed(NEW, "B-T", NOW, base=unsigned("B-T", version=version))

    for pdf in (old, without_stamp(old)):
        result = verified(Sample(bytes), pdf)
        assert (result.failures(), [one.code for one in result.findings].count("level")) == ((), 0)


FLIPS = 16


def signatures_in(pdf: bytes) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rb"<[0-9A-Fa-f]{2000,}>", pdf)]


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_every_flipped_byte_of_the_signatures_is_detected(level: str) -> None:
    """Half of them inside the signatures, where much is not signed itself."""
    pdf = sealed(NEW, level, NOW)
    places = [range(start, end) for start, end in signatures_in(pdf)] + [range(len(pdf))]
    positions = [place[number] for place in places for number in range(0, len(place), len(place) // FLIPS)]
    undetected = []
    for position in positions:
        changed = bytearray(pdf)
        changed[position] ^= 1
        if verified(Sample(bytes), bytes(changed)).ok:
            undetected.append(position)

    assert undetected == []


def test_time_stamp_that_is_hidden_in_the_seal_is_seen() -> None:
    """Renaming the attribute that holds it would leave a seal that only claims its time, at a lower level."""
    pdf = sealed(NEW, "B-T", NOW)
    attribute = bytes.fromhex("060b2a864886f70d010910020e").hex().upper().encode()
    assert pdf.count(attribute) == 1

    hidden = pdf.replace(attribute, attribute[:-1] + b"D")
    assert [finding.code for finding in verified(Sample(bytes), hidden).failures()] == ["level", "intact"]


def test_later_evidence_of_a_reader_is_looked_up_per_certificate() -> None:
    """A list of one authority counts, also when there is none of another on the path."""
    pdf, crl = sealed(NEW, "B-B", NOW), STRANGER.crl(NOW)
    facts = inspect_anything(pdf, [NEW.root.pem], [crl])

    assert [(one["trusted"], one["why"], one["kept"]) for one in facts["signatures"]] == [(True, "", False)]
