"""Four verifiers on the same files: each says what it can see, and none contradicts ours on that."""

from __future__ import annotations

import io
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
from tests.unit.reports.stamped import sealed, stamped_again
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
