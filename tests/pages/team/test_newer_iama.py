"""A newer version of a real instrument is published: what is under way or done stays byte for byte what it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ethiek.domain.carried import CarriedState
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.models.base import canonical_json
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.checks import check
from ethiek.reports.render import render
from ethiek.services import answering, migration, questionnaires, reporting, rounds, submission
from ethiek.web import question_views as views
from tests import builders
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Writing
from tests.question_sets import a_later_iama

pytestmark = only_sqlite
OLD = load_catalogue().get("iama/2.0")
NEW = a_later_iama(OLD)


@pytest.fixture
def world(writing: Writing) -> World:
    with writing() as session:
        return builders.a_world(session, OLD)


def page_model(session: Session, world: World, dossier_id: UUID) -> str:
    """Everything that the pages of questions show, without the tokens that each page makes anew."""
    stamp = world.stamp(session, "Noor")
    sheet = answering.open_sheet(session, dossier_id, stamp, Permission.ANSWER_EDIT)
    shown = [
        (group.label, [as_plain(view) for view in group.questions])
        for _part, section in sheet.questionnaire.sections()
        for group in views.groups(sheet, section)
    ]
    return canonical_json([shown, repr(sheet.progress), repr(sheet.stops)])


def as_plain(view: views.QuestionView) -> list[Any]:
    fields = {name: repr(value) for name, value in view.form.data.items() if name != "token"}
    rest = [getattr(view, name) for name in view.__slots__ if name != "form"]
    return [fields, repr(rest)]


def everything(
    app: Flask, session: Session, world: World, open_id: UUID, advised_id: UUID
) -> dict[str, bytes]:
    """Pages, JSON and report of both dossiers."""
    stamp = world.stamp(session, "Noor")
    draft = submission.draft_of(session, open_id, stamp)
    trial = submission.trial_of(session, draft, stamp)
    advice_id = builders.present_advice(session, advised_id).id
    report = reporting.source_of(session, advice_id, test_seal=True)
    reading = rounds.read(session, advised_id, 1, stamp)
    with app.test_request_context():
        models = {
            f"pages of {id_}": page_model(session, world, id_).encode() for id_ in (open_id, advised_id)
        }
    return {
        **models,
        "state": migration.state_sha256(session, draft.access.dossier).encode(),
        "snapshot of the draft": trial.snapshot,
        "report of the draft": render(trial),
        "snapshot": submission.snapshot_of(session, advised_id, 1).content.encode(),
        "round": repr(reading.parts).encode(),
        "advice": report.advice,
        "report": render(report),
    }


def test_publishing_a_newer_version_changes_no_byte_of_any_dossier(
    app: Flask, writing: Writing, world: World, dossier_in: Callable[..., UUID]
) -> None:
    check(NEW, NEW.key)  # a set that could be published
    open_id, advised_id = dossier_in(Status.DRAFT), dossier_in(Status.AWAITING_SIGNATURE)
    with writing() as session:
        before = everything(app, session, world, open_id, advised_id)
        questionnaires.publish(session, [NEW], AT)
    with writing() as session:
        after = everything(app, session, world, open_id, advised_id)
        preview = migration.preview(session, open_id, None, world.stamp(session, "Noor"))
        assert preview.count(CarriedState.UNPLACED, CarriedState.NOT_USED) > 0
        assert preview.count(CarriedState.PENDING) > 0
    assert {name for name in before if before[name] != after[name]} == set()
    with writing() as session:
        migration.migrate(session, open_id, NEW.key, world.stamp(session, "Noor"))
        migration.undo(session, open_id, world.stamp(session, "Noor"))
        again = everything(app, session, world, open_id, advised_id)
    assert {name for name in before if before[name] != again[name]} == set()
