"""A question set that is being written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from ethiek.domain.drafts import DraftStatus
from ethiek.errors import InputError, PermissionDeniedError
from ethiek.questionnaires.canonical import canonical
from ethiek.services import drafts
from tests.builders import World


def test_create_keeps_the_content_and_where_it_came_from(session: Session, world: World) -> None:
    written = replace(world.questionnaire, version="2")
    draft = drafts.create(
        session,
        written,
        world.stamp(session, "Vera"),
        based_on=world.questionnaire.key,
        origin={"file": "lijst.yaml"},
    )

    assert (draft.key, draft.title, draft.content, draft.status, draft.origin, draft.revision) == (
        written.key,
        written.title,
        canonical(written).decode(),
        DraftStatus.WRITING,
        {"file": "lijst.yaml"},
        1,
    )


def test_create_by_somebody_else_is_refused(session: Session, world: World) -> None:
    with pytest.raises(PermissionDeniedError):
        drafts.create(session, replace(world.questionnaire, version="2"), world.stamp(session, "Noor"))


@pytest.mark.parametrize(
    ("version", "based_on", "refused"),
    [
        ("2.0", None, ("version", "taken")),
        (None, None, ("version", "published")),
        ("3.0", "test/0", ("based_on", "unknown")),
        ("9" * 80, None, ("version", "too_long")),
    ],
)
def test_create_what_cannot_be_names_the_field(
    session: Session, world: World, version: str | None, based_on: str | None, refused: tuple[str, str]
) -> None:
    vera = world.stamp(session, "Vera")
    drafts.create(session, replace(world.questionnaire, version="2.0"), vera)
    another = replace(world.questionnaire, version=version or world.questionnaire.version)
    with pytest.raises(InputError) as caught:
        drafts.create(session, another, vera, based_on=based_on)

    assert (caught.value.field, caught.value.reason) == refused
