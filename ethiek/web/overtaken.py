"""A page of questions that was made under another version than the dossier has when it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.answers import Slot
from ethiek.domain.carried import slots_of
from ethiek.domain.moving import name_of
from ethiek.domain.versions import Place, places
from ethiek.errors import NotFoundError
from ethiek.questionnaires.model import Question, Questionnaire
from ethiek.services import late, versions
from ethiek.services.answering import Sheet
from ethiek.services.answers import Sent
from ethiek.services.earlier import Source
from ethiek.web import security
from ethiek.web.forms.answers import check, fresh_token, sent_form
from ethiek.web.forms.revision import revision_of
from ethiek.web.question_views import earlier_history_url, key_of


def is_of_another_version(sheet: Sheet) -> bool:
    """Tell whether the page that was sent names another version than the dossier has now."""
    return request.form.get("versie", sheet.questionnaire.key) != sheet.questionnaire.key


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at one question, as it was sent."""

    label: str
    texts: tuple[str, ...]
    history_url: str


def answer(session: db.Session, sheet: Sheet, section_id: str) -> ResponseReturnValue:
    """Keep what was typed in the history of its own version, and show it all; nothing is filled in.

    Raises:
        NotFoundError: the dossier never had the version that the page names.
    """
    version = versions.version_ever(session, sheet.access, request.form.get("versie"))
    known = places(version)
    slots = list(_sent(version, known, section_id))
    if not slots:
        raise NotFoundError
    late.keep(session, sheet.access, version.key, list(_to_keep(slots)), security.stamp())
    if security.wants_json():
        return jsonify(error=_("The dossier has another version of the question set now.")), 409
    typed = [
        Typed(
            name_of(known, slot),
            tuple(_texts(slot)),
            earlier_history_url(sheet.access.dossier.id, Source(version.key, known[slot.question], slot)),
        )
        for slot, _question in slots
    ]
    page = render_template(
        "questions/overtaken.html",
        access=sheet.access,
        made_for=version,
        present=sheet.questionnaire,
        typed=[one for one in typed if one.texts],
    )
    return page, 409


def _sent(
    version: Questionnaire, known: dict[str, Place], section_id: str
) -> Iterator[tuple[Slot, Question]]:
    """Yield the questions of the section that are among what was sent."""
    for slot, question in slots_of(version).items():
        here = known[slot.question].section.id == section_id
        if here and any(name.startswith(f"{key_of(slot)}-") for name in request.form):
            yield slot, question


def _to_keep(slots: list[tuple[Slot, Question]]) -> Iterator[Sent]:
    """Yield what can be stored; the rest is on the page, to be copied."""
    for slot, question in slots:
        form = sent_form(question, key_of(slot), request.form)
        given = check(form, question)
        if given is not None:
            token: Any = form.token.data
            yield Sent(slot, given, revision_of(form.revision.data), token or fresh_token())


def _texts(slot: Slot) -> Iterator[str]:
    """Yield what was typed or chosen at a question, without what belongs to the form itself."""
    key = key_of(slot)
    for name, text in request.form.items(multi=True):
        if name.startswith(f"{key}-") and name not in (f"{key}-revision", f"{key}-token") and text.strip():
            yield text
