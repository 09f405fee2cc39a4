"""The decision of the accountable official: put before somebody, taken, read, and issued with the report."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import ConcurrentEditError, InputError
from ethiek.services import decision_requests, decisions
from ethiek.services.decisions import DecisionSheet
from ethiek.web import errors, security, step_up
from ethiek.web.check_labels import STATE_NAME
from ethiek.web.decision_labels import FOLLOWED, OUTCOME
from ethiek.web.forms.decisions import DecisionForm, RequestForm
from ethiek.web.labels import STAGE
from ethiek.web.lists import mark_from, next_url
from ethiek.web.security import current_actor, requires

bp = Blueprint("decisions", __name__)

HUNDRED_PERCENT = 100


@bp.get("/besluiten")
@requires(Permission.DECISION_LIST)
def index() -> ResponseReturnValue:
    """List what was put before the user to decide on."""
    with db.reading() as session:
        page = decision_requests.of_official(session, current_actor(), mark_from(request.args))
        return render_template(
            "decisions/index.html", page=page, next_url=next_url(page.next), outcomes=OUTCOME
        )


@bp.get("/dossiers/<uuid:dossier_id>/besluit")
@requires(Permission.REPORT_READ)
def show(dossier_id: UUID) -> ResponseReturnValue:
    """Show what was decided, and how far the report with it is."""
    with db.reading() as session:
        sheet = decisions.of(session, dossier_id, security.stamp(), Permission.REPORT_READ)
        return render_template(
            "decisions/show.html",
            sheet=sheet,
            dossier=sheet.access.dossier,
            state=_state(sheet),
            stage=_stage(sheet),
            followed=FOLLOWED,
            outcomes=OUTCOME,
        )


@bp.get("/dossiers/<uuid:dossier_id>/besluit/status")
@requires(Permission.REPORT_READ)
def status(dossier_id: UUID) -> ResponseReturnValue:
    """Tell a script how far the report with the decision is."""
    with db.reading() as session:
        sheet = decisions.of(session, dossier_id, security.stamp(), Permission.REPORT_READ)
        state, label = _state(sheet), _stage(sheet)
        done = sheet.job.progress if sheet.job else 0
    return jsonify(
        state=state,
        progress=done,
        total=HUNDRED_PERCENT,
        label=label,
        done_url=url_for(".show", dossier_id=dossier_id),
    )


def _stage(sheet: DecisionSheet) -> str:
    label = sheet.job.progress_label if sheet.job else ""
    return str(STAGE.get(label, label))


def _state(sheet: DecisionSheet) -> str:
    """Return "none", "waiting", "running", "dead" or "done"; done is only what is in the archive."""
    if not sheet.decisions:
        return "none"
    if sheet.issued or sheet.job is None:
        return "done"
    return {"dead": "dead", "running": "running"}.get(sheet.job.status, "waiting")


@bp.post("/dossiers/<uuid:dossier_id>/besluit/opnieuw")
@requires(Permission.REPORT_RETRY)
def retry(dossier_id: UUID) -> ResponseReturnValue:
    """Try again to sign the report with the decision, after somebody looked at what went wrong."""
    with db.transaction() as session:
        decisions.retry(session, dossier_id, security.stamp())
    flash(_("Signing is tried again."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


@bp.route("/dossiers/<uuid:dossier_id>/besluit/voorleggen", methods=["GET", "POST"])
@requires(Permission.DECISION_REQUEST)
def put_before(dossier_id: UUID) -> ResponseReturnValue:
    """Put a signed advice before the official who decides."""
    form = RequestForm()
    if not form.validate_on_submit():
        return _request_page(dossier_id, form), 422 if form.errors else 200
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            decision_requests.put_before(session, dossier_id, form.official.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _request_page(dossier_id, form), 422
    flash(_("The advice has been put before the official, who sees it under Decisions."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _request_page(dossier_id: UUID, form: RequestForm) -> str:
    with db.reading() as session:
        sheet = decisions.of(session, dossier_id, security.stamp(), Permission.DECISION_REQUEST)
        present = sheet.request.user_id if sheet.request else None
        form.offer(decision_requests.choices(session, sheet.access.dossier), present)
        return render_template(
            "decisions/put_before.html", form=form, sheet=sheet, dossier=sheet.access.dossier
        )


@bp.route("/dossiers/<uuid:dossier_id>/besluit/nemen", methods=["GET", "POST"])
@requires(Permission.DECISION_TAKE)
def take(dossier_id: UUID) -> ResponseReturnValue:
    """Decide after reading exactly what is shown, and after entering the password again."""
    form = DecisionForm()
    page = _page(dossier_id, form)  # before the password is looked at: only the official gets here
    if not form.validate_on_submit():
        return (_page(dossier_id, form), 422) if form.is_submitted() else page
    if refused := step_up.refusal(form.password):
        return _page(dossier_id, form), *refused
    return _decide(dossier_id, form)


def _decide(dossier_id: UUID, form: DecisionForm) -> ResponseReturnValue:
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            decisions.decide(session, dossier_id, form.to_input(), form.sha256.data, form.token.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _page(dossier_id, form), 422
    except ConcurrentEditError as error:
        errors.record_refusal(type(error).__name__)
        return _page(dossier_id, form, overtaken=True), 409
    web_session.renew()  # type: ignore[attr-defined]  # of RowSession
    flash(
        _("Your decision has been recorded. The report with your decision is made and signed now."), "success"
    )
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _page(dossier_id: UUID, form: DecisionForm, *, overtaken: bool = False) -> str:
    """Show what there is to decide; ``overtaken``: what was read is not what is there now."""
    with db.reading() as session:
        sheet = decisions.of(session, dossier_id, security.stamp(), Permission.DECISION_TAKE)
        form.fit(sheet)
        if overtaken:
            form.look_at(sheet)
        return render_template(
            "decisions/take.html",
            form=form,
            sheet=sheet,
            dossier=sheet.access.dossier,
            overtaken=overtaken,
            state_name=STATE_NAME[sheet.state],
        )
