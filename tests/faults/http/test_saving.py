from __future__ import annotations

from uuid import UUID

import pytest

from tests.faults.http.conftest import Tell
from tests.faults.http.person import Person
from tests.faults.http.saving import check_kept, save_together
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults


def test_twenty_people_save_five_answers_without_pause(
    site: Site, everybody: list[Person], dossier_id: UUID, tell: Tell
) -> None:
    load = save_together(everybody, dossier_id, seconds=6)
    tell(f"{site.engine.dialect.name}: {load}")
    assert set(load.statuses) == {200, 409}
    check_kept(site, dossier_id, load)
    assert "locked" not in site.log
    assert "bug at" not in site.log
