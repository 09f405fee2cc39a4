from __future__ import annotations

from tests.pages.conftest import (
    app,
    archive,
    count_statements,
    dossier_in,
    settings,
    sign_in,
    world,
    writing,
)
from tests.unit.reports.conftest import pki, signed, signer, source, trust, unsigned

__all__ = [
    "app",
    "archive",
    "count_statements",
    "dossier_in",
    "pki",
    "settings",
    "sign_in",
    "signed",
    "signer",
    "source",
    "trust",
    "unsigned",
    "world",
    "writing",
]
