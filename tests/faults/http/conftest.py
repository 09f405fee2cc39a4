"""A served installation for each database, with twenty people who write along."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.actors import Role
from ethiek.domain.workflow import Status
from ethiek.services import dossiers, questionnaires
from tests import builders
from tests.builders import AT, World
from tests.faults.http.person import Person
from tests.faults.http.saving import IAMA
from tests.faults.http.site import Site

EDITORS: Final = tuple(f"Noor{number:02}" for number in range(1, 21))


@pytest.fixture(scope="session")
def site(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server. Tests that kill it start it again."""
    with served(make_database(), tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def served(url: str, instance: Path) -> Iterator[Site]:
    """Serve a database that has tables and no rows."""
    engine = db.make_engine(url)
    with Session(engine) as session, db.writing(session, engine):
        world = _a_large_world(session)
    site = Site(instance, url, engine, world)
    site.start()
    try:
        yield site
    finally:
        site.stop()
        engine.dispose()


def _a_large_world(session: Session) -> World:
    world = builders.a_world(session)
    questionnaires.publish(session, [IAMA], AT)
    people = {name: builders._a_user(name, (Role.SUBMITTER,), world.committee_id) for name in EDITORS}
    session.add_all(people.values())
    session.flush()
    return replace(world, ids={**world.ids, **{name: user.id for name, user in people.items()}})


@pytest.fixture(scope="session")
def everybody(site: Site) -> list[Person]:
    """The twenty, each signed in once."""
    return sign_in_all(site)


def sign_in_all(site: Site, number: int = len(EDITORS)) -> list[Person]:
    return [site.visitor(name).sign_in() for name in EDITORS[:number]]


Tell = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say what was measured, also when the test passes."""

    def say(measured: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{measured}\n")

    return say


@pytest.fixture
def dossier_id(site: Site) -> UUID:
    return a_shared_dossier(site)


def a_shared_dossier(site: Site) -> UUID:
    """A dossier on a real question set, in which all editors may write."""
    world = replace(site.world, questionnaire=IAMA)
    with site.writing() as session:
        dossier_id = builders.a_dossier(session, world, Status.DRAFT)
        for name in EDITORS:
            stamp = world.stamp(session, "Noor", AT + timedelta(minutes=1))
            dossiers.add_team_member(session, dossier_id, builders.email_of(name), "jurist", stamp)
    return dossier_id
