"""Four verifiers on the same files: each says what it can see, and none contradicts ours on that."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
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

THEN = NOW - 2 * YEAR - timedelta(days=30)
"""The certificate of the seal was good then, and is not any more."""

NEW, OLD, STRANGER = Authority(), Authority(NOW - 3 * YEAR), Authority()


@dataclass(frozen=True)
class Sample:
    """A file, and what is to be found in it. The verifiers that are named in ``blind`` cannot see what is wrong."""

    make: Callable[[], bytes]
    failed: tuple[str, ...] = ()
    level: str = "B-B"
    authority: Authority = NEW
    crls: tuple[bytes, ...] = ()
    blind: frozenset[str] = field(default=frozenset())
    wary: frozenset[str] = field(default=frozenset())
    """They see something wrong where time stamps show that nothing is."""


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
        wary=frozenset({"pyhanko", "pdfsig", "openssl"}),
    ),
    "revoked": Sample(
        lambda: sealed(NEW, "B-B", NOW),
        ("trusted",),
        crls=(NEW.crl(NOW, NOW - timedelta(hours=5)),),
        blind=frozenset({"pdfsig"}),
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
        wary=frozenset({"pyhanko", "pdfsig", "openssl"}),
    ),
    "untrusted": Sample(lambda: sealed(STRANGER, "B-B", NOW), ("trusted",)),
    "untrusted time stamp": Sample(
        lambda: sealed(NEW, "B-T", NOW, stamper=STRANGER.stamper),
        ("timestamps",),
        blind=frozenset({"pdfsig", "openssl"}),
    ),
    "time stamped again": Sample(
        lambda: stamped_again(
            sealed(OLD, "B-LTA", THEN), OLD, NOW, OLD.party("Nieuwe dienst", days=3650, stamps=True)
        ),
        level="B-LTA",
        authority=OLD,
        wary=frozenset({"pyhanko", "pdfsig", "openssl"}),
    ),
    "cut back to the seal": Sample(
        lambda: at_end_of_seal(sealed(NEW, "B-LTA", NOW)),
        ("signatures",),
        level="B-T",
        blind=frozenset({"pyhanko", "pdfsig", "openssl"}),
    ),
    "something behind it": Sample(
        lambda: sealed(NEW, "B-LTA", NOW) + b"\n% junk\n",
        ("whole",),
        level="B-LTA",
        blind=frozenset({"pyhanko", "pdfsig"}),
    ),
    "saved again": Sample(lambda: saved_again(sealed(NEW, "B-LTA", NOW)), ("resaved",)),
}


def verified(sample: Sample, pdf: bytes) -> Verification:
    facts = inspect_anything(pdf, [sample.authority.root.pem], sample.crls)
    return judge(digest(pdf), facts, language="en")


@pytest.mark.parametrize("name", SAMPLES)
def test_verifiers_agree_on_what_each_can_see(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    pdf, root, crls = sample.make(), sample.authority.root, list(sample.crls)
    result = verified(sample, pdf)
    others = {
        "pyhanko": by_pyhanko(pdf, root, crls),
        "pdfsig": by_pdfsig(pdf, root, tmp_path),
        "openssl": by_openssl(pdf, root, crls, tmp_path),
    }

    assert (tuple(finding.code for finding in result.failures()), result.level) == (
        sample.failed,
        sample.level,
    )
    assert others == {
        other: (result.ok and other not in sample.wary) or other in sample.blind for other in others
    }


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
    """Renaming the attribute that holds it would leave a sound seal that only claims its time."""
    pdf = sealed(NEW, "B-T", NOW)
    attribute = bytes.fromhex("060b2a864886f70d010910020e").hex().upper().encode()
    assert pdf.count(attribute) == 1

    hidden = pdf.replace(attribute, attribute[:-1] + b"D")
    assert [finding.code for finding in verified(Sample(bytes), hidden).failures()] == ["intact"]


def test_later_evidence_of_a_reader_is_looked_up_per_certificate() -> None:
    """A list of one authority counts, also when there is none of another on the path."""
    pdf, crl = sealed(NEW, "B-B", NOW), STRANGER.crl(NOW)
    facts = inspect_anything(pdf, [NEW.root.pem], [crl])

    assert [(one["trusted"], one["why"], one["kept"]) for one in facts["signatures"]] == [(True, "", False)]
