"""C: what cannot be printed is refused while its authors can still mend it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ethiek.domain.workflow import Status
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.services import reporting
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing


@only_sqlite
def test_c10_dossier_that_cannot_be_printed_is_refused_at_the_hand_in_and_stays_with_the_team(
    sign_in: Callable[[str], Browser],
    dossier_in: Callable[..., UUID],
    writing: Writing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    with writing() as session:
        revision = session.get_one(Dossier, dossier_id).revision
    monkeypatch.setattr(reporting, "TRIAL_SECONDS", 0.01)

    refused = noor.post(f"/dossiers/{dossier_id}/indienen", {"revision": revision})

    assert refused.status_code == 422
    assert "A report of this dossier cannot be made" in refused.text
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.DRAFT
        assert session.scalar(select(func.count()).select_from(Snapshot)) == 0
    monkeypatch.undo()
    accepted = noor.post(f"/dossiers/{dossier_id}/indienen", {"revision": revision})
    assert accepted.status_code == 303
