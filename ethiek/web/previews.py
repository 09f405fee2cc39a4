"""Trying a draft as a user: the pages with its questions, whose answers travel in the form and are kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ethiek import db
from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.permissions import Permission
from ethiek.errors import NotFoundError
from ethiek.questionnaires.model import Question, Questionnaire, Section
from ethiek.services import drafts
from ethiek.services.answering import Sheet
from ethiek.services.trial import trial_sheet
from ethiek.web import question_views as views
from ethiek.web import security
from ethiek.web.forms.answers import AnswerForm, check, sent_form
from ethiek.web.question_views import key_of
from ethiek.web.security import requires

bp = Blueprint("previews", __name__, url_prefix="/vragenlijsten/concepten/<uuid:draft_id>/proef")

_FIELDS: Final = {"text", "choice", "date", "number", "considerations", "dissent"}


@bp.route("", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def preview(draft_id: UUID) -> ResponseReturnValue:
    """Show a section as its users will see it; a POST goes on with what was filled in, and keeps nothing."""
    with db.reading() as session:
        draft = drafts.load(session, draft_id, security.stamp())
        content, key = drafts.content_of(draft), draft.key
    if not any(section.questions for _part, section in content.sections()):
        return render_template("drafts/preview.html", draft_id=draft_id, draft_key=key, section=None)
    answers = _earlier(content)
    sheet = trial_sheet(content, answers)
    section = _section(content, request.values.get("sectie", ""))
    invalid = _read(sheet, section, answers) if request.method == "POST" else {}
    sheet = trial_sheet(content, answers)
    wanted = section if invalid else _wanted(sheet, section)
    return _page(sheet, draft_id, key, wanted, views.Sent(invalid, {})), 422 if invalid else 200


def _wanted(sheet: Sheet, section: Section) -> Section:
    """Return the section that the pressed button leads to."""
    step = request.form.get("stap")
    if step == "tonen":
        return _section(sheet.questionnaire, request.form.get("naar", ""))
    return _next(sheet, section) if step == "volgende" else section


def _section(content: Questionnaire, id_: str) -> Section:
    """Return a section by its id; the first if there is none like that."""
    sections = [section for _part, section in content.sections()]
    if not sections:
        raise NotFoundError
    return next((section for section in sections if section.id == id_), sections[0])


def _next(sheet: Sheet, section: Section) -> Section:
    """Return the section that is asked after this one, or this one if it is the last."""
    order = [one for _part, one in sheet.questionnaire.sections()]
    asked = set(sheet.asked_sections())
    after = [one for one in order[order.index(section) + 1 :] if one.id in asked]
    return after[0] if after else section


def _earlier(content: Questionnaire) -> dict[Slot, Answer]:
    """Return the answers that came along in the form; what is no answer to this draft (any more) is left out."""
    try:
        rows = json.loads(request.form.get("antwoorden", "[]"))
    except (ValueError, RecursionError):
        return {}
    questions = {question.id: question for question in content.questions()}
    found: dict[Slot, Answer] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, list) and len(row) == 3:  # noqa: PLR2004  # question, item, answer
            id_, item, data = row
            question = questions.get(id_) if isinstance(id_, str) else None
            if question and isinstance(item, str) and (answer := _answer(question, data)):
                found[Slot(id_, item)] = answer
    return found


def _answer(question: Question, data: object) -> Answer | None:
    """Read one answer that came along; None if it is not one to this question."""
    if not isinstance(data, dict):
        return None
    values: dict[str, Any] = {name: data[name] for name in _FIELDS if isinstance(data.get(name), str)}
    choices, rows = data.get("choices"), data.get("rows")
    if isinstance(choices, list) and all(isinstance(one, str) for one in choices):
        values["choices"] = tuple(choices)
    if isinstance(rows, list) and all(map(_is_row, rows)):
        values["rows"] = tuple(rows)
    answer = normalise(question, Answer(**values))
    return None if problems(question, answer) else answer


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(
        isinstance(name, str) and isinstance(text, str) for name, text in row.items()
    )


def _read(sheet: Sheet, section: Section, answers: dict[Slot, Answer]) -> Mapping[Slot, AnswerForm]:
    """Put what was filled in at this section among the answers; return the forms that are not valid."""
    sent = _without_rows(request.form)
    invalid: dict[Slot, AnswerForm] = {}
    for question, slot, _label in views.places(sheet, section):
        key = key_of(slot)
        if not any(name.startswith(f"{key}-") for name in sent):
            continue
        form = sent_form(question, key, sent)
        answer = check(form, question)
        if answer is None:
            invalid[slot] = form
        else:
            answers[slot] = answer
    return invalid


def _without_rows(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out the table row whose button was pressed."""
    key, _colon, index = sent.get("remove_row", "").rpartition(":")
    if not key or not index.isdecimal():
        return sent
    prefix = f"{key}-rows-{index}-"
    return MultiDict((name, value) for name, value in sent.items(multi=True) if not name.startswith(prefix))


def _page(sheet: Sheet, draft_id: UUID, key: str, section: Section, sent: views.Sent) -> str:
    part, _same = sheet.section(section.id)
    asked = set(sheet.asked_sections())
    return render_template(
        "drafts/preview.html",
        draft_id=draft_id,
        draft_key=key,
        part=part,
        section=section,
        sheet=sheet,
        asked=section.id in asked,
        groups=views.groups(sheet, section, sent),
        forms=list(sent.forms.values()),
        sections=[(one, one.id in asked) for _part, one in sheet.questionnaire.sections()],
        answers=json.dumps(
            [[slot.question, slot.item, answer.to_json()] for slot, answer in sheet.answers.items()],
            ensure_ascii=False,
        ),
    )
