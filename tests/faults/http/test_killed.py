from __future__ import annotations

import random
import time
from uuid import UUID

import pytest

from tests.faults.http.conftest import Tell
from tests.faults.http.person import Person
from tests.faults.http.saving import check_kept, save_together
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults


def test_worker_processes_that_are_killed_lose_no_save_and_no_session(
    site: Site, everybody: list[Person], dossier_id: UUID, tell: Tell
) -> None:
    chance, killed = random.Random(1), []

    def kill(deadline: float) -> None:
        while time.monotonic() < deadline - 1:
            time.sleep(1)
            killed.append(site.kill_a_worker(chance))

    people = everybody[:8]
    load = save_together(people, dossier_id, 6, kill)
    tell(f"{site.engine.dialect.name}, {sum(killed)} workers killed: {load}")
    assert sum(killed) >= 4
    assert set(load.statuses) <= {200, 409}
    check_kept(site, dossier_id, load)
    assert [person.steadily("/account").status for person in people] == [200] * 8


def test_server_that_is_killed_twice_starts_with_every_save(
    site: Site, everybody: list[Person], dossier_id: UUID, tell: Tell
) -> None:
    def kill(_deadline: float) -> None:
        for _ in range(2):
            time.sleep(1.5)
            site.kill_all()
            site.start()

    people = everybody[:8]
    load = save_together(people, dossier_id, 6, kill)
    tell(f"{site.engine.dialect.name}, the server killed twice: {load}")
    assert load.broken > 0
    assert set(load.statuses) <= {200, 409}
    check_kept(site, dossier_id, load)
    assert [person.steadily("/account").status for person in people] == [200] * 8
