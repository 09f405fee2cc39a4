"""Question sets from files become drafts; nothing is half imported."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ethiek.errors import InputError, NotFoundError, PermissionDeniedError, QuestionnaireError
from ethiek.models.questionnaires import QuestionnaireDraft
from ethiek.questionnaires.canonical import canonical
from ethiek.questionnaires.exchange.exporting import to_yaml
from ethiek.questionnaires.exchange.imported import Loss, What, Wishes
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.services import exchange
from tests.builders import World
from tests.unit.questionnaires.exchange.definitions import EVERYTHING, definition, field, group

DATA = json.dumps(definition(group("1", field("1.1", is_official_id=True)), colour="red")).encode()


def drafts_there(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(QuestionnaireDraft)) or 0


def test_import_makes_a_draft_that_knows_its_file_and_its_losses(session: Session, world: World) -> None:
    stamp = world.stamp(session, "Vera")
    draft_id, found = exchange.import_draft(session, DATA, "../proef.json", stamp)

    draft = session.get_one(QuestionnaireDraft, draft_id)
    assert (draft.key, draft.title, draft.based_on) == ("proef/1.2", "Proefscan", None)
    assert draft.content == canonical(found.questionnaire).decode()
    assert found.questionnaire.source.year == stamp.at.year
    assert {name: draft.origin[name] for name in ("file", "format", "sha256")} == {
        "file": "proef.json",
        "format": "assessment-definition",
        "sha256": hashlib.sha256(DATA).hexdigest(),
    }
    shown = exchange.imported_draft(session, draft_id, stamp)
    assert (shown.key, shown.file, shown.losses) == ("proef/1.2", "proef.json", found.losses)
    assert Loss(What.UNKNOWN_KEY, "", 1, "colour") in shown.losses


def test_import_keeps_every_loss_of_a_large_definition(session: Session, world: World) -> None:
    data = json.dumps(EVERYTHING, indent=1).encode()
    draft_id, found = exchange.import_draft(session, data, "proef.json", world.stamp(session, "Vera"))

    assert exchange.imported_draft(session, draft_id, world.stamp(session, "Wout")).losses == found.losses


def test_import_by_somebody_else_is_refused_and_nothing_is_there(session: Session, world: World) -> None:
    with pytest.raises(PermissionDeniedError):
        exchange.import_draft(session, DATA, "proef.json", world.stamp(session, "Noor"))
    assert drafts_there(session) == 0


@pytest.mark.parametrize("data", [b"", DATA[:-3], b"\xff", b"name: x", b"a: &a [*a]"])
def test_import_of_what_cannot_be_read_leaves_nothing(session: Session, world: World, data: bytes) -> None:
    with pytest.raises(QuestionnaireError):
        exchange.import_draft(session, data, "proef.json", world.stamp(session, "Vera"))
    assert drafts_there(session) == 0


def test_import_of_a_version_that_is_there_is_refused_unless_it_gets_another_name(
    session: Session, world: World
) -> None:
    stamp = world.stamp(session, "Vera")
    with pytest.raises(InputError) as published:
        exchange.import_draft(session, to_yaml(world.questionnaire), "set.yaml", stamp)
    exchange.import_draft(session, DATA, "proef.json", stamp)
    with pytest.raises(InputError) as taken:
        exchange.import_draft(session, DATA, "proef.json", stamp)
    draft_id, _ = exchange.import_draft(session, DATA, "proef.json", stamp, Wishes("eigen", "2"))

    assert (published.value.reason, taken.value.reason) == ("published", "taken")
    assert session.get_one(QuestionnaireDraft, draft_id).key == "eigen/2"


def test_draft_that_came_from_no_file_has_no_losses_to_show(session: Session, world: World) -> None:
    draft_id, _ = exchange.import_draft(session, DATA, "proef.json", world.stamp(session, "Vera"))
    session.get_one(QuestionnaireDraft, draft_id).origin = {}

    with pytest.raises(NotFoundError):
        exchange.imported_draft(session, draft_id, world.stamp(session, "Vera"))
    with pytest.raises(PermissionDeniedError):
        exchange.imported_draft(session, draft_id, world.stamp(session, "Noor"))


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_export_of_a_published_version_can_be_imported_again(
    session: Session, world: World, format_: str
) -> None:
    data = exchange.export(session, world.questionnaire.key, format_)

    assert import_file(data, "set").questionnaire == world.questionnaire


def test_export_of_what_does_not_exist_is_refused(session: Session, world: World) -> None:
    for key, format_ in (("no/1", "yaml"), (world.questionnaire.key, "xml")):
        with pytest.raises(NotFoundError):
            exchange.export(session, key, format_)
