"""What is published is what it was: looked at when the application starts."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.app import create_app
from ethiek.config import Settings
from ethiek.errors import ConfigurationError
from ethiek.headless import headless
from ethiek.models.questionnaires import PublishedQuestionnaire
from ethiek.questionnaires.catalogue import load_catalogue, sha256, shipped_sums
from ethiek.services import questionnaires
from tests.builders import AT
from tests.conftest import Database
from tests.pages.conftest import settings

__all__ = ["settings"]

WRONG = "0" * 64


def row(key: str, content: str, digest: str) -> dict[str, object]:
    return {
        "key": key,
        "title": "Titel",
        "language": "nl",
        "content": content,
        "sha256": digest,
        "published_at": AT,
    }


def start(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        db.db.engine.dispose()


def test_sums_that_ship_are_those_of_the_sets() -> None:
    assert shipped_sums() == {one.key: sha256(one) for one in load_catalogue()}


def test_content_that_was_not_changed_passes(session: Session) -> None:
    questionnaires.publish(session, load_catalogue(), AT)
    questionnaires.check_content(session, shipped_sums())


@pytest.mark.parametrize("shipped", [True, False])
def test_content_that_was_changed_is_named(session: Session, shipped: bool) -> None:
    right = hashlib.sha256(b"{}").hexdigest()
    session.execute(insert(PublishedQuestionnaire), [row("iama/2.0", "{}", right if shipped else WRONG)])
    with pytest.raises(ConfigurationError) as caught:
        questionnaires.check_content(session, {"iama/2.0": WRONG})

    assert caught.value.setting == "Question set iama/2.0"
    assert (
        caught.value.reason
        == {
            True: "in the database differs from the one that comes with Ethiek: "
            f"SHA-256 {right} instead of {WRONG}",
            False: f"in the database is not what was published: SHA-256 {right} instead of {WRONG}",
        }[shipped]
    )


def test_the_application_does_not_start_on_changed_content(settings: Settings, database: Database) -> None:
    start(settings)
    with Session(database.engine) as session, db.writing(session, database.engine):
        session.execute(insert(PublishedQuestionnaire), [row("eigen/1.0", "{}", WRONG)])
    with pytest.raises(ConfigurationError) as caught:
        start(settings)
    assert caught.value.setting == "Question set eigen/1.0"
    with pytest.raises(ConfigurationError) as caught, headless(settings):
        pytest.fail("a command ran")
    assert caught.value.setting == "Question set eigen/1.0"


def test_the_application_starts_before_there_are_tables(settings: Settings, empty_url: str) -> None:
    start(replace(settings, database_url=empty_url))
