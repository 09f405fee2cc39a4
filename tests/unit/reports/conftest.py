from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ethiek.reports.pki import TestPki, ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource
from tests.unit.reports.sources import a_source

REASON = "Advies ETH-2026-0007"


@pytest.fixture(scope="session")
def source() -> ReportSource:
    return a_source()


@pytest.fixture(scope="session")
def unsigned(source: ReportSource) -> bytes:
    return render(source)


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> TestPki:
    return ensure_test_pki(tmp_path_factory.mktemp("pki") / "test-pki")


@pytest.fixture(scope="session")
def trust(pki: TestPki) -> list[bytes]:
    return [pki.root.read_bytes()]


@pytest.fixture(scope="session")
def signer(pki: TestPki) -> Pkcs12Signer:
    return Pkcs12Signer.of_test_pki(pki)


@pytest.fixture(scope="session")
def signed(unsigned: bytes, signer: Pkcs12Signer) -> bytes:
    return signer.seal(unsigned, reason=REASON, at=datetime.now(UTC))


@pytest.fixture
def signed_file(signed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(signed)
    return path
