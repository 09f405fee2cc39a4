"""From the members' verdicts to the signed report."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.actors import COMMITTEE_ROLES
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import InputError, NotFoundError
from ethiek.reports.archive import Archive
from ethiek.services import advice as advices
from ethiek.services import advice_sheet, reporting, reviews
from ethiek.services import report_status as report_statuses
from ethiek.services.archive_files import file_name
from ethiek.services.report_status import Issued
from ethiek.services.reporting import Progress
from ethiek.web import previewing, security, step_up
from ethiek.web.check_labels import STATE_NAME
from ethiek.web.forms.advice import AdviceForm, ApprovalForm, VerdictForm
from ethiek.web.forms.dossiers import StepForm
from ethiek.web.labels import STAGE
from ethiek.web.previewing import Pages
from ethiek.web.security import requires

bp = Blueprint("advice", __name__, url_prefix="/dossiers/<uuid:dossier_id>")

HUNDRED_PERCENT: Final = 100


@bp.route("/oordeel", methods=["GET", "POST"])
@requires(Permission.REVIEW_WRITE)
def verdict(dossier_id: UUID) -> ResponseReturnValue:
    """Record or revise the own verdict on the present round."""
    form = VerdictForm()
    if not form.validate_on_submit():
        return _verdict_page(dossier_id, form)
    try:
        with db.transaction() as session:
            reviews.record_verdict(
                session,
                dossier_id,
                form.verdict.data,
                form.motivation.data,
                security.stamp(form.revision.data),
            )
    except InputError as error:
        form.refuse(error)
        return _verdict_page(dossier_id, form)
    flash(_("Your verdict has been recorded. You can revise it until the advice is adopted."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _verdict_page(dossier_id: UUID, form: VerdictForm) -> ResponseReturnValue:
    with db.reading() as session:
        access, own = reviews.to_write(session, dossier_id, security.stamp())
        if not form.is_submitted():
            form = VerdictForm(obj=own, revision=own.revision if own else 0)
        page = render_template(
            "advice/verdict.html", form=form, access=access, dossier=access.dossier, own=own
        )
    return page, 422 if form.errors else 200


@bp.route("/advies/vaststellen", methods=["GET", "POST"])
@requires(Permission.ADVICE_ADOPT)
def adopt(dossier_id: UUID) -> ResponseReturnValue:
    """Put the committee's advice on paper and adopt it."""
    form = AdviceForm()
    if form.wants_row() or not form.validate_on_submit():
        return _adopt_page(dossier_id, form)
    try:
        with db.transaction() as session:
            advices.adopt(
                session, dossier_id, form.to_input(), _organisation(), security.stamp(form.revision.data)
            )
    except InputError as error:
        form.refuse(error)
        return _adopt_page(dossier_id, form)
    flash(_("The advice has been adopted. Chair and secretary must both approve it now."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _adopt_page(dossier_id: UUID, form: AdviceForm) -> ResponseReturnValue:
    with db.reading() as session:
        sheet = advice_sheet.of(session, dossier_id, Permission.ADVICE_ADOPT, security.stamp())
        form.offer(sheet.attendees)
        page = render_template("advice/adopt.html", form=form, sheet=sheet, dossier=sheet.access.dossier)
    return page, 422 if form.errors else 200


def _organisation() -> str:
    return str(current_app.extensions["settings"].organisation)


@bp.get("/advies")
@requires(Permission.REPORT_READ)
def show(dossier_id: UUID) -> ResponseReturnValue:
    """Show the advice: to the committee as soon as there is one, to the team when it is signed."""
    with db.reading() as session:
        sheet = advice_sheet.of(session, dossier_id, Permission.REPORT_READ, security.stamp())
        return render_template(
            "advice/show.html",
            sheet=sheet,
            dossier=sheet.access.dossier,
            is_committee=bool(sheet.access.roles & COMMITTEE_ROLES),
        )


@bp.post("/advies/intrekken")
@requires(Permission.ADVICE_ADOPT)
def revoke(dossier_id: UUID) -> ResponseReturnValue:
    """Take an adopted advice back before it is signed."""
    form = StepForm()
    if not form.validate():
        abort(400)
    with db.transaction() as session:
        advices.revoke(session, dossier_id, security.stamp(form.revision.data))
    flash(_("The advice has been taken back. It stays on record; you can adopt another one."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


@bp.route("/advies/goedkeuren", methods=["GET", "POST"])
@requires(Permission.ADVICE_APPROVE)
def approve(dossier_id: UUID) -> ResponseReturnValue:
    """Approve exactly the advice that is shown, after entering the password again."""
    form = ApprovalForm()
    if not form.validate_on_submit():
        return _approve_page(dossier_id, form)
    if refused := step_up.refusal(form.password):
        return _approve_text(dossier_id, form), *refused
    with db.transaction() as session:
        advices.approve(session, dossier_id, form.sha256.data, security.stamp(), wants_to_sign=form.sign.data)
    web_session.renew()  # type: ignore[attr-defined]  # of RowSession
    flash(_("Your approval has been recorded."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _approve_page(dossier_id: UUID, form: ApprovalForm) -> ResponseReturnValue:
    return _approve_text(dossier_id, form), 422 if form.errors else 200


def _approve_text(dossier_id: UUID, form: ApprovalForm) -> str:
    """Show what is approved; the pages of its report if they are there, or on request as soon as they are made."""
    pages = _all_pages(dossier_id) if request.args.get("paginas") == "alle" else None
    with db.reading() as session:
        sheet = advice_sheet.of(session, dossier_id, Permission.ADVICE_APPROVE, security.stamp())
        waits = sheet.approvable and sheet.access.dossier.status is Status.ADVISED
        return render_template(
            "advice/approve.html",
            form=form,
            sheet=sheet,
            dossier=sheet.access.dossier,
            user_id=security.current_actor().user_id,
            pages=pages or (previewing.present_pages(session, dossier_id) if waits else None),
        )


def _all_pages(dossier_id: UUID) -> Pages | None:
    """Make the pages, outside every transaction; None when nothing waits for approval."""
    try:
        return previewing.all_pages(dossier_id)
    except NotFoundError:
        return None


@bp.get("/rapport")
@requires(Permission.REPORT_READ)
def report(dossier_id: UUID) -> ResponseReturnValue:
    """Show how far the signed report is, and offer it when it is there."""
    with db.reading() as session:
        found = reporting.progress(session, dossier_id, security.stamp())
        return render_template(
            "advice/report.html",
            view=found,
            dossier=found.access.dossier,
            state=_state(found),
            stage=_stage(found),
            issued=_issued(session, dossier_id, found),
            state_names=STATE_NAME,
        )


def _issued(session: db.Session, dossier_id: UUID, found: Progress) -> Issued | None:
    """Return whether the report still counts; None when there is none yet."""
    if found.record is None:
        return None
    return report_statuses.issued(session, dossier_id, security.stamp(), Permission.REPORT_READ)


@bp.get("/rapport/status")
@requires(Permission.REPORT_READ)
def report_status(dossier_id: UUID) -> ResponseReturnValue:
    """Tell a script how far the report is."""
    with db.reading() as session:
        found = reporting.progress(session, dossier_id, security.stamp())
        state = _state(found)
        label = _stage(found)
        done = found.job.progress if found.job else 0
    return jsonify(
        state=state,
        progress=done,
        total=HUNDRED_PERCENT,
        label=label,
        done_url=url_for(".report", dossier_id=dossier_id),
    )


def _stage(found: Progress) -> str:
    """Return what happens to the report now, in words; empty when nothing does."""
    label = found.job.progress_label if found.job else ""
    return str(STAGE.get(label, label))


def _state(found: Progress) -> str:
    """Return "none", "persons", "waiting", "running", "dead" or "done"; done is only what is in the archive."""
    if found.record is not None:
        return "done"
    if found.job is None or found.status is not Status.AWAITING_SIGNATURE:
        return "none"
    if found.awaited:
        return "persons"
    return "dead" if found.job.status == "dead" else "running" if found.job.status == "running" else "waiting"


@bp.post("/rapport/opnieuw")
@requires(Permission.REPORT_RETRY)
def retry(dossier_id: UUID) -> ResponseReturnValue:
    """Try again to sign, after somebody looked at what went wrong."""
    with db.transaction() as session:
        reporting.retry(session, dossier_id, security.stamp())
    flash(_("Signing is tried again."), "success")
    return redirect(url_for(".report", dossier_id=dossier_id), 303)


@bp.get("/rapport.pdf")
@requires(Permission.REPORT_READ)
def download(dossier_id: UUID) -> ResponseReturnValue:
    """Give the signed report as it is in the archive; the reading is an event."""
    archive = Archive(current_app.extensions["settings"].archive_folder)
    with db.transaction() as session:
        record = reporting.read(session, dossier_id, security.stamp())
        pdf, name = archive.read(record.newest_sha256), file_name(record)
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
