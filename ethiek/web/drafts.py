"""Writing a question set: the draft as a whole, its steps, and the order of what is in it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.drafts import DraftStatus, Reason, Weight, may_approve
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.questionnaires.editing import Direction, Target, element, whole_fingerprint
from ethiek.services import draft_editing, drafts, proposals
from ethiek.services.drafts import DraftView
from ethiek.web import security
from ethiek.web.draft_views import KINDS, problem_views, tree
from ethiek.web.forms.drafts import ApproveForm, ReasonForm, StepForm, reason_forms
from ethiek.web.forms.fingerprint import fingerprint_of
from ethiek.web.labels import INPUT
from ethiek.web.security import requires
from ethiek.web.set_labels import DRAFT_STATUS, SCOPE, WEIGHT
from ethiek.web.set_views import difference_view

bp = Blueprint("drafts", __name__, url_prefix="/vragenlijsten/concepten/<uuid:draft_id>")

MOVE_PARTS: Final = 4
"""A move says kind, direction, order and id."""


@bp.get("")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def show(draft_id: UUID) -> ResponseReturnValue:
    """Show a draft: what is wrong with it, what is in it, and what can be done now."""
    return _draft_page(draft_id, ApproveForm(formdata=None), 200)


def _draft_page(draft_id: UUID, form: ApproveForm, status: int) -> ResponseReturnValue:
    with db.reading() as session:
        draft = drafts.load(session, draft_id, security.stamp())
        found = drafts.view(session, draft)
        proposed = draft.status is DraftStatus.PROPOSED
        second = proposed and may_approve(
            security.current_id(), draft.proposed_by_id, proposals.editors(session, draft)
        )
        if not form.is_submitted():
            form = ApproveForm(formdata=None, offered_from=security.now().date())
        page = render_template(
            "drafts/show.html",
            view=found,
            draft=draft,
            problems=problem_views(found),
            parts=tree(found),
            status_labels=DRAFT_STATUS,
            form=form,
            second_person=second,
            writing=draft.status is DraftStatus.WRITING,
        )
    return page, status


@bp.route("/indelen", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def classify(draft_id: UUID) -> ResponseReturnValue:
    """Show how a draft differs from the version it is based on; say why, and how heavily that weighs."""
    if request.method == "GET":
        return _classify_page(draft_id, None, 200)
    with db.reading() as session:
        found = _view(session, draft_id)
        forms = reason_forms(found.changed, request.form)
    if [form for form in forms.values() if not form.validate()]:  # each says what is wrong with it
        return _classify_page(draft_id, forms, 422)
    try:
        with db.transaction() as session:
            proposals.classify(session, draft_id, _given(forms), security.stamp())
    except InputError as error:
        forms[error.field].refuse(error.reason)
        return _classify_page(draft_id, forms, 422)
    flash(_("The reasons have been saved."), "success")
    return redirect(url_for(".classify", draft_id=draft_id), 303)


def _view(session: db.Session, draft_id: UUID) -> DraftView:
    return drafts.view(session, drafts.load(session, draft_id, security.stamp()))


def _given(forms: dict[str, ReasonForm]) -> dict[str, Reason]:
    """Return what was filled in; a reason that is left empty is no reason yet."""
    return {
        id_: Reason(Weight(form.weight.data), (form.reason.data or "").replace("\r\n", "\n").strip())
        for id_, form in forms.items()
        if (form.reason.data or "").strip()
    }


def _classify_page(draft_id: UUID, forms: dict[str, ReasonForm] | None, status: int) -> ResponseReturnValue:
    with db.reading() as session:
        found = _view(session, draft_id)
        base = found.base
        forms = reason_forms(found.changed, None) if forms is None else forms
        page = render_template(
            "drafts/classify.html",
            view=found,
            draft=found.draft,
            forms=forms,
            lines=[
                (line, difference_view(line.difference, base, found.questionnaire)) for line in found.changed
            ]
            if base
            else [],
            weight_labels=WEIGHT,
            same=len(found.lines) - len(found.changed),
            writing=found.draft.status is DraftStatus.WRITING,
        )
    return page, status


@bp.post("/voorleggen")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def propose(draft_id: UUID) -> ResponseReturnValue:
    """Say that a draft is ready for a second person."""
    form = StepForm()
    with db.transaction() as session:
        proposals.propose(session, draft_id, security.stamp(form.revision.data))
    flash(_("The draft has been proposed. Somebody else publishes it."), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)


@bp.post("/terug")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def send_back(draft_id: UUID) -> ResponseReturnValue:
    """Make a proposed draft one that is being written again."""
    form = StepForm()
    with db.transaction() as session:
        proposals.send_back(session, draft_id, security.stamp(form.revision.data))
    flash(_("The draft can be changed again."), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)


@bp.post("/vaststellen")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def approve(draft_id: UUID) -> ResponseReturnValue:
    """Publish a proposed draft, as a second person."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _draft_page(draft_id, form, 422)
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            key = proposals.approve(session, draft_id, form.offered_from.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _draft_page(draft_id, form, 422)
    instrument, _slash, version = key.partition("/")
    flash(_("The version has been published. It never changes again."), "success")
    return redirect(url_for("questionnaires.show", instrument=instrument, version=version), 303)


@bp.post("/weggooien")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Put a draft aside for good."""
    form = StepForm()
    with db.transaction() as session:
        drafts.discard(session, draft_id, security.stamp(form.revision.data))
    flash(_("The draft has been put aside. It stays on record."), "success")
    return redirect(url_for("questionnaires.index"), 303)


@bp.post("/terugzetten")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def put_back(draft_id: UUID) -> ResponseReturnValue:
    """Put a removed question back."""
    with db.transaction() as session:
        draft_editing.put_back(session, draft_id, request.form.get("question", ""), security.stamp())
    flash(_("The question is back, at the end of its section."), "success")
    return redirect(url_for(".classify", draft_id=draft_id), 303)


@bp.post("/verplaatsen")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def move(draft_id: UUID) -> ResponseReturnValue:
    """Move a part, section or question one place."""
    words = request.form.get("move", "").split(" ", MOVE_PARTS - 1)
    if len(words) != MOVE_PARTS or words[0] not in KINDS or words[1] not in set(Direction):
        abort(400)
    kind, direction, seen, id_ = words
    try:
        with db.transaction() as session:
            draft_editing.move(
                session,
                draft_id,
                Target(KINDS[kind], id_),
                Direction(direction),
                fingerprint_of(seen),
                security.stamp(),
            )
    except InputError as error:
        flash(INPUT[error.reason], "error")
    return redirect(f"{url_for('.show', draft_id=draft_id)}#{kind}-{id_}", 303)


@bp.route("/<any(delen, onderdelen, vragen):kind>/<element_id>/verwijderen", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def remove(draft_id: UUID, kind: str, element_id: str) -> ResponseReturnValue:
    """Remove a part, section or question with all that is in it, after showing what goes."""
    target = Target(KINDS[kind], element_id)
    if request.method == "GET":
        with db.reading() as session:
            draft = draft_editing.load_for_writing(session, draft_id, security.stamp(), lock=False)
            content = drafts.content_of(draft)
            return render_template(
                "drafts/remove.html",
                draft=draft,
                scope=SCOPE[target.scope],
                one=element(content, target),
                seen=whole_fingerprint(content, target),
            )
    with db.transaction() as session:
        seen = fingerprint_of(request.form.get("seen", ""))
        draft_editing.remove(session, draft_id, target, seen, security.stamp())
    flash(_("It has been removed from the draft."), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)
