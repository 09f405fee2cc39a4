"""Filling in: a page per section. A plain POST saves the page; a script saves one question to the same address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ethiek import db
from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.carried import slots_of
from ethiek.domain.completeness import is_answered
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import places
from ethiek.errors import NotFoundError
from ethiek.questionnaires.model import Question, Section
from ethiek.services import answering, answers, carrying, earlier, versions
from ethiek.services.answering import Sheet
from ethiek.services.answers import Saved
from ethiek.web import overtaken, security
from ethiek.web import question_views as views
from ethiek.web.conclusion_views import outcome_of
from ethiek.web.forms.answers import AnswerForm, accepts, check, fresh_token, messages_of, sent_form
from ethiek.web.forms.revision import revision_of
from ethiek.web.question_views import key_of, section_url
from ethiek.web.security import requires
from ethiek.web.texts import clock_time

bp = Blueprint("questions", __name__, url_prefix="/dossiers/<uuid:dossier_id>/vragen")

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


@bp.get("")
@requires(Permission.ANSWER_EDIT)
def start(dossier_id: UUID) -> ResponseReturnValue:
    """Go to the first section with an open question."""
    with db.reading() as session:
        sheet = answering.open_sheet(session, dossier_id, security.stamp())
    unfinished = (id_ for id_, part in sheet.progress.items() if part.answered < part.asked)
    return redirect(section_url(dossier_id, next(unfinished, sheet.asked[0].section.id)), 303)


@bp.route("/<section_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_EDIT)
def section(dossier_id: UUID, section_id: str) -> ResponseReturnValue:
    """Show a section, or save what was filled in there."""
    if request.method == "GET":
        with db.reading() as session:
            sheet = answering.open_sheet(session, dossier_id, security.stamp())
            beside = earlier.beside(session, sheet.access, sheet.questionnaire)
            return _page(session, sheet, sheet.section(section_id)[1], views.Sent(beside=beside))
    with db.transaction() as session:
        sheet = answering.open_sheet(session, dossier_id, security.stamp(), lock=True)
        if overtaken.is_of_another_version(sheet):
            return overtaken.answer(session, sheet, section_id)
        submission = _receive(session, sheet, section_id)
        _confirm(session, submission)
        answer = _answer_script if security.wants_json() else _answer_page
        return answer(session, submission)


@bp.get("/<section_id>/<question_id>/versies")
@requires(Permission.ANSWER_EDIT)
def history(dossier_id: UUID, section_id: str, question_id: str) -> ResponseReturnValue:
    """Show every text that was ever sent for a question, also the refused ones."""
    slot = Slot(question_id, request.args.get("item", ""))
    with db.reading() as session:
        sheet = answering.open_sheet(session, dossier_id, security.stamp())
        version = versions.version_ever(session, sheet.access, request.args.get("versie"))
        question = slots_of(version).get(slot)
        if question is None or places(version)[slot.question].section.id != section_id:
            raise NotFoundError
        rows = answers.history(session, dossier_id, slot, version.key)
        texts = [whole_text(question, answers.decode(row.content)) for row in rows]
        return render_template(
            "questions/history.html",
            access=sheet.access,
            question=question,
            language=version.language,
            rows=list(zip(rows, texts, strict=True)),
            version=version if version.key != sheet.questionnaire.key else None,
            back=f"{section_url(dossier_id, section_id)}#{key_of(slot)}",
        )


@dataclass(slots=True)
class Submission:
    """What came in for one section, and what became of it. ``sheet`` is the dossier after saving."""

    sheet: Sheet
    section: Section
    forms: dict[Slot, AnswerForm] = field(default_factory=dict)
    questions: dict[Slot, Question] = field(default_factory=dict)
    invalid: dict[Slot, AnswerForm] = field(default_factory=dict)
    saved: tuple[Saved, ...] = ()

    def of(self, outcome: Outcome) -> dict[Slot, Saved]:
        """Return what ended so."""
        return {saved.slot: saved for saved in self.saved if saved.outcome is outcome}


def _confirm(session: db.Session, submission: Submission) -> None:
    """Confirm the answer whose button was pressed, unless it was not saved."""
    refused = {*submission.invalid, *submission.of(Outcome.CONFLICT), *submission.of(Outcome.TOO_LATE)}
    pressed = request.form.get("confirm", "")
    slots = {slot for slot in submission.forms if key_of(slot) == pressed} - refused
    if slots:
        carrying.confirm(session, submission.sheet.access.dossier.id, slots, security.stamp())


def _receive(session: db.Session, sheet: Sheet, section_id: str) -> Submission:
    """Read every question that was sent, save what can be saved."""
    submission = Submission(sheet, sheet.section(section_id)[1])
    sent = _without_removed_row(request.form)
    for question, slot, _label in views.places(sheet, submission.section):
        key = key_of(slot)
        if any(name.startswith(f"{key}-") for name in sent) and sent.get(f"{key}-keep") != "theirs":
            submission.questions[slot] = question
            submission.forms[slot] = sent_form(question, key, sent)
    to_save = [_to_save(submission, slot) for slot in submission.forms]
    valid = [one for one in to_save if one is not None]
    submission.saved = answers.save_in(session, sheet.access, sheet.present, valid, security.stamp())
    submission.sheet = _after(sheet, submission.saved)
    return submission


def _to_save(submission: Submission, slot: Slot) -> answers.Sent | None:
    form, question = submission.forms[slot], submission.questions[slot]
    revision, token = revision_of(form.revision.data), form.token.data
    if not token:
        abort(428)
    if not _TOKEN.fullmatch(token):
        abort(400)
    answer = check(form, question)
    if answer is None:
        submission.invalid[slot] = form
        return None
    if request.form.get(f"{key_of(slot)}-keep") == "both":
        answer = _both(submission.sheet.present.get(slot, answers.NOTHING).answer, answer)
        if not accepts(
            form, question, answer
        ):  # together they may be too much: show them so, to be shortened
            form.show_text(answer.text)
            submission.invalid[slot] = form
            return None
    return answers.Sent(slot, answer, revision, token)


def _both(theirs: Answer, mine: Answer) -> Answer:
    """Put two texts below each other; of a choice, mine counts."""
    return Answer(
        text="\n\n".join(filter(None, (theirs.text, mine.text))),
        choice=mine.choice or theirs.choice,
        choices=mine.choices or theirs.choices,
        date=mine.date or theirs.date,
        number=mine.number or theirs.number,
        rows=(*theirs.rows, *(row for row in mine.rows if row not in theirs.rows)),
        considerations="\n\n".join(filter(None, (theirs.considerations, mine.considerations))),
        dissent="\n\n".join(filter(None, (theirs.dissent, mine.dissent))),
    )


def _without_removed_row(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out the table row whose button was pressed; the others keep their order."""
    key, _colon, index = sent.get("remove_row", "").rpartition(":")
    prefix = f"{key}-rows-{index}-"
    if not key or not index.isdecimal():
        return sent
    return MultiDict((name, value) for name, value in sent.items(multi=True) if not name.startswith(prefix))


def _after(sheet: Sheet, saved: tuple[Saved, ...]) -> Sheet:
    """Return the sheet with the saved answers in it, without asking the database again."""
    present = {**sheet.present, **{one.slot: one.present for one in saved}}
    return answering.sheet_with(sheet, present)


def _page(
    session: db.Session,
    sheet: Sheet,
    current: Section,
    sent: views.Sent | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    order = sheet.asked_sections()
    part, _section = sheet.section(current.id)
    shown_groups = views.groups(sheet, current, sent)
    page = render_template(
        "questions/section.html",
        access=sheet.access,
        sheet=sheet,
        part=part,
        section=current,
        groups=shown_groups,
        word_lists=views.word_lists(shown_groups),
        shown=" ".join(view.key for group in shown_groups for view in group.questions if not view.hidden),
        parts=views.navigation(sheet, current),
        asked=current.id in order,
        forms=list(sent.forms.values()) if sent else [],
        version=sheet.questionnaire.key,
        previous=_neighbour(order, current.id, -1),
        editable=answering.is_editable(sheet),
        outcome=outcome_of(session, sheet),
    )
    return page, status


def _neighbour(order: list[str], section_id: str, step: int) -> str | None:
    if section_id not in order:
        return None
    index = order.index(section_id) + step
    return order[index] if 0 <= index < len(order) else None


def _page_again(
    session: db.Session, submission: Submission, status: int, sent: views.Sent | None = None
) -> ResponseReturnValue:
    beside = earlier.beside(session, submission.sheet.access, submission.sheet.questionnaire)
    shown = replace(sent or views.Sent(), beside=beside)
    return _page(session, submission.sheet, submission.section, shown, status)


def _answer_page(session: db.Session, submission: Submission) -> ResponseReturnValue:
    conflicts, late = submission.of(Outcome.CONFLICT), submission.of(Outcome.TOO_LATE)
    if late:
        flash(
            _(
                "The dossier has been submitted in the meantime. Your text was kept in the history of the question."
            ),
            "error",
        )
        return _page_again(session, submission, 409)
    if conflicts or submission.invalid:
        for slot, saved in conflicts.items():
            form = submission.forms[slot]
            form.revision.data, form.token.data = str(saved.present.revision), fresh_token()
        kept = {slot: submission.forms[slot] for slot in (*conflicts, *submission.invalid)}
        status = 409 if conflicts else 422
        return _page_again(session, submission, status, views.Sent(kept, conflicts))
    if any(saved.changed for saved in submission.saved):
        flash(_("Your answers have been saved."), "success")
    if request.form.get("action") == "next" and (unseen := _unseen(submission)):
        flash(_("Your answer leads to one more question on this page."), "info")
        return redirect(f"{_here(submission)}#{key_of(unseen)}", 303)
    return redirect(_next_url(submission), 303)


def _here(submission: Submission) -> str:
    return section_url(submission.sheet.access.dossier.id, submission.section.id)


def _unseen(submission: Submission) -> Slot | None:
    """Return an open question that was not on the page when its button was pressed."""
    shown = set(request.form.get("shown", "").split())
    for place in submission.sheet.asked:
        if place.section.id == submission.section.id and key_of(place.slot) not in shown:
            present = submission.sheet.present.get(place.slot, answers.NOTHING)
            if not is_answered(place.question, present.answer):
                return place.slot
    return None


def _next_url(submission: Submission) -> str:
    """Return where the pressed button leads: on, or back to the question it belongs to."""
    dossier_id = submission.sheet.access.dossier.id
    here = _here(submission)
    anchor = (
        request.form.get("confirm")
        or request.form.get("add_row")
        or request.form.get("remove_row", "").rpartition(":")[0]
    )
    if anchor:
        return f"{here}#{anchor}" if anchor in {key_of(slot) for slot in submission.forms} else here
    if request.form.get("action") != "next":
        return here
    following = _neighbour(submission.sheet.asked_sections(), submission.section.id, 1)
    return (
        section_url(dossier_id, following) if following else url_for("dossiers.submit", dossier_id=dossier_id)
    )


def _answer_script(session: db.Session, submission: Submission) -> ResponseReturnValue:
    if submission.invalid:
        errors = {key_of(slot): messages_of(form, key_of(slot)) for slot, form in submission.invalid.items()}
        return jsonify(errors=errors), 422
    if conflicts := submission.of(Outcome.CONFLICT):
        return jsonify(
            conflict={
                key_of(slot): _conflict_json(submission.questions[slot], saved)
                for slot, saved in conflicts.items()
            }
        ), 409
    if submission.of(Outcome.TOO_LATE):
        return jsonify(error=_("The dossier has been submitted in the meantime.")), 409
    sheet = submission.sheet
    asked = {place.slot for place in sheet.asked}
    return jsonify(
        saved={
            key_of(saved.slot): {
                "revision": saved.present.revision,
                "at": clock_time(saved.present.at),
                "by": saved.present.by,
            }
            for saved in submission.saved
        },
        token={key_of(saved.slot): fresh_token() for saved in submission.saved},
        visible={key_of(slot): slot in asked for _q, slot, _label in views.places(sheet, submission.section)},
        progress={"done": sheet.done, "total": sheet.total},
        stops=[{"effect": stop.rule.effect, "reason": stop.rule.reason} for stop in sheet.stops],
        **({"outcome": outcome} if (outcome := outcome_of(session, sheet)) else {}),
    )


def _conflict_json(question: Question, saved: Saved) -> dict[str, object]:
    found = views.conflict_of(question, saved)
    return {
        "revision": saved.present.revision,
        "by": found.by,
        "at": found.at,
        "theirs": found.theirs,
        "yours": found.yours,
        "theirs_fields": views.field_values(question, key_of(saved.slot), saved.present),
    }
