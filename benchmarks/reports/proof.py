"""What sealing and checking take at each level, with authorities of our own on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median

from benchmarks.reports.document import a_report_of
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.issuers import Trust
from ethiek.reports.levels import Level
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource, digest
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import judge
from tests.authorities import PASSPHRASE, Authorities, serving
from tests.unit.reports.sources import an_approval, canonical


@dataclass(frozen=True)
class Proof:
    """Milliseconds of processor time of our own thread, without that of the authorities; bytes that came on top."""

    level: Level
    sealing: float
    checking: float
    size: int


def per_level(pages: int, times: int) -> Iterator[Proof]:
    """Seal and check one report so many times at each level."""
    with serving(Authorities()) as authorities:
        signer = Pkcs12Signer(authorities.bundle(authorities.a_seal()), PASSPHRASE)
        for level in Level:
            yield _proof(level, pages, times, signer, authorities)


def _proof(level: Level, pages: int, times: int, signer: Pkcs12Signer, authorities: Authorities) -> Proof:
    trust = Trust((authorities.root.pem,))
    authority = TimeStampAuthority(authorities.tsa_url, trust, proof=level.keeps_proof)
    stamping = Stamping(level, authority if level.stamps else None, trust)
    pdf = render(_expecting(level, a_report_of(pages)))

    issuer = [] if level.keeps_proof else [authorities.issuer.pem]  # else it is in the file
    trusted = [authorities.root.pem, *issuer]

    def seal() -> bytes:
        return signer.seal(pdf, reason="Advies", at=datetime.now(UTC), stamping=stamping)

    def check() -> None:
        result = judge(digest(sealed), inspect_anything(sealed, trusted))
        if not result.ok:
            raise RuntimeError(f"this report is not right: {level} {result.failures()}")

    sealed = seal()
    return Proof(level, _milliseconds(seal, times), _milliseconds(check, times), len(sealed) - len(pdf))


def _expecting(level: Level, source: ReportSource) -> ReportSource:
    """The same report, which says that it will carry the signatures of this level."""
    approvals = canonical(an_approval(source.advice, signatures=list(level.signatures)))
    return replace(source, approvals=approvals, time_stamps=True, test_seal=False)


def _milliseconds(action: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        before = time.thread_time()
        action()
        took.append(1000 * (time.thread_time() - before))
    return median(took)
