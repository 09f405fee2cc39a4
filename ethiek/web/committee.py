"""The committee's worklist, and what the secretary does with a dossier."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ethiek import db
from ethiek.domain.actors import Role
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import InputError
from ethiek.services import casework, worklists
from ethiek.services.access import committees_of
from ethiek.web import seal_notice, security
from ethiek.web.forms.committee import PlanForm, ReleaseForm, StepForm
from ethiek.web.lists import mark_from, next_url
from ethiek.web.security import current_actor, requires

bp = Blueprint("committee", __name__)

HANDED_IN = tuple(status for status in Status if status is not Status.DRAFT)
"""What a committee can come across."""


@bp.get("/commissie")
@requires(Permission.DOSSIER_LIST)
def index() -> ResponseReturnValue:
    """List what was handed in to the user's committees."""
    chosen = request.args.get("status", "")
    if chosen and chosen not in HANDED_IN:
        abort(400)
    status = Status(chosen) if chosen else None
    with db.reading() as session:
        page = worklists.of_committee(session, current_actor(), mark_from(request.args), status)
        return render_template(
            "committee/index.html",
            page=page,
            next_url=next_url(page.next),
            statuses=HANDED_IN,
            chosen=status,
            seal_notice=seal_notice.current(),
            is_secretary=bool(committees_of(current_actor(), {Role.SECRETARY})),
        )


@bp.get("/dossiers/<uuid:dossier_id>/behandeling")
@requires(Permission.CASE_MANAGE)
def case(dossier_id: UUID) -> ResponseReturnValue:
    """Show what the secretary can do now: plan, release remarks, ask for changes."""
    return _case_page(dossier_id, PlanForm())


def _case_page(
    dossier_id: UUID,
    plan_form: PlanForm,
    release_form: ReleaseForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with db.reading() as session:
        found = casework.case_of(session, dossier_id, security.stamp())
        plan_form.offer(found)
        page = render_template(
            "committee/case.html",
            view=found,
            dossier=found.access.dossier,
            plan_form=plan_form,
            release_form=release_form or ReleaseForm(formdata=None),
            with_committee=found.access.dossier.status in casework.WITH_COMMITTEE,
        )
    return page, status


@bp.post("/dossiers/<uuid:dossier_id>/behandeling")
@requires(Permission.CASE_MANAGE)
def plan(dossier_id: UUID) -> ResponseReturnValue:
    """Assign members and set the date of the advice."""
    form = PlanForm()
    if not form.validate():
        return _case_page(dossier_id, form, status=422)
    try:
        with db.transaction() as session:
            casework.plan(
                session,
                dossier_id,
                frozenset(form.members.data),
                form.due_on.data,
                security.stamp(form.revision.data),
            )
    except InputError as error:
        form.refuse(error)
        return _case_page(dossier_id, form, status=422)
    flash(_("The members and the date have been saved."), "success")
    return redirect(url_for(".case", dossier_id=dossier_id), 303)


@bp.post("/dossiers/<uuid:dossier_id>/behandeling/oppakken")
@requires(Permission.CASE_MANAGE)
def take_up(dossier_id: UUID) -> ResponseReturnValue:
    """Begin the treatment by the committee."""
    with db.transaction() as session:
        casework.take_up(session, dossier_id, security.stamp(_seen()))
    flash(_("The committee has taken up the dossier. Assign the members who review it."), "success")
    return redirect(url_for(".case", dossier_id=dossier_id), 303)


@bp.post("/dossiers/<uuid:dossier_id>/behandeling/vrijgeven")
@requires(Permission.CASE_MANAGE)
def release_remarks(dossier_id: UUID) -> ResponseReturnValue:
    """Show chosen remarks to the team."""
    form = ReleaseForm()
    if not form.validate():
        return _case_page(dossier_id, PlanForm(formdata=None), form, 422)
    try:
        with db.transaction() as session:
            count = casework.release_remarks(
                session,
                dossier_id,
                frozenset(form.remarks.data),
                security.stamp(form.revision.data),
            )
    except InputError as error:
        form.refuse(error)
        return _case_page(dossier_id, PlanForm(formdata=None), form, 422)
    flash(
        ngettext("%(num)s remark has been released.", "%(num)s remarks have been released.", count), "success"
    )
    return redirect(url_for(".case", dossier_id=dossier_id, _anchor="opmerkingen"), 303)


@bp.post("/dossiers/<uuid:dossier_id>/behandeling/aanvulling")
@requires(Permission.CASE_MANAGE)
def request_changes(dossier_id: UUID) -> ResponseReturnValue:
    """Give the dossier back to the team."""
    with db.transaction() as session:
        casework.request_changes(session, dossier_id, security.stamp(_seen()))
    flash(_("The team has the dossier again, with the released remarks."), "success")
    return redirect(url_for(".case", dossier_id=dossier_id), 303)


def _seen() -> int:
    """Return the revision that was on the screen; a form of ours always has it."""
    return int(StepForm().revision.data)
