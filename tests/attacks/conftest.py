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

__all__ = ["app", "archive", "count_statements", "dossier_in", "settings", "sign_in", "world", "writing"]
