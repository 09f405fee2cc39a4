"""The team's side of a dossier: start, details, team, hand-in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError, RenderError
from ethiek.services import (
    answering,
    dossiers,
    follow_up,
    offers,
    overview,
    reporting,
    submission,
    worklists,
)
from ethiek.services.follow_up import Example
from ethiek.services.overview import Overview, way
from ethiek.web import security
from ethiek.web.conclusion_views import outcome_of, outcome_view
from ethiek.web.forms.dossiers import ChangeForm, RemoveForm, StartForm, StepForm, TeamForm
from ethiek.web.labels import INPUT, STEP
from ethiek.web.lists import mark_from, next_url
from ethiek.web.question_views import endings, navigation, open_questions, to_confirm
from ethiek.web.security import current_actor, requires

bp = Blueprint("dossiers", __name__, url_prefix="/dossiers")


@bp.get("")
@requires(Permission.ACCOUNT_USE)
def index() -> ResponseReturnValue:
    """List the dossiers whose team the user is in."""
    with db.reading() as session:
        page = worklists.of_team(session, current_actor(), mark_from(request.args))
        return render_template("dossiers/index.html", page=page, next_url=next_url(page.next))


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.DOSSIER_CREATE)
def start() -> ResponseReturnValue:
    """Start a dossier."""
    form, example = _start_form()
    with db.reading() as session:
        form.offer_units(dossiers.units(session))
        form.offer(offers.offered(session, security.now().date()), dossiers.committees(session))
    if not form.validate_on_submit():
        return render_template("dossiers/start.html", form=form, example=example), 422 if form.errors else 200
    with db.transaction() as session:
        dossier = dossiers.start(session, form.to_input(), security.stamp())
        target = url_for(".show", dossier_id=dossier.id)
    flash(_("The dossier has been started. Add your team, and begin with the questions."), "success")
    return redirect(target, 303)


def _start_form() -> tuple[StartForm, Example | None]:
    """Return the form, filled in after another dossier (``van``) when it is opened from there."""
    if request.method != "GET" or "van" not in request.args:
        return StartForm(), None
    with db.reading() as session:
        source, instrument = security.uuid_of(request.args["van"]), request.args.get("instrument", "")
        example = follow_up.example(session, source, instrument, security.stamp())
    return StartForm.after(example), example


@bp.get("/<uuid:dossier_id>")
@requires(Permission.DOSSIER_READ)
def show(dossier_id: UUID) -> ResponseReturnValue:
    """Show where a dossier is, and what can be done now."""
    with db.reading() as session:
        found = overview.of(session, dossier_id, security.stamp())
        sheet = found.sheet
        return render_template(
            "dossiers/show.html",
            view=found,
            parts=navigation(sheet, None) if sheet else [],
            steps=_steps(found),
            endings=endings(dossier_id, sheet.asked, sheet.stops) if sheet else [],
            outcome=outcome_of(session, sheet) if sheet else None,
        )


def _steps(found: Overview) -> list[dict[str, object]]:
    return [{"label": STEP[step.name], "state": step.state} for step in way(found.access.dossier.status)]


@bp.route("/<uuid:dossier_id>/gegevens", methods=["GET", "POST"])
@requires(Permission.DOSSIER_EDIT)
def details(dossier_id: UUID) -> ResponseReturnValue:
    """Change what the project is."""
    with db.reading() as session:
        dossier = dossiers.open_for_editing(
            session, dossier_id, Permission.DOSSIER_EDIT, security.stamp(), lock=False
        ).dossier
        form = ChangeForm(obj=dossier)
        form.offer_units(dossiers.units(session))
        if not form.validate_on_submit():
            return render_template(
                "dossiers/details.html", form=form, dossier=dossier
            ), 422 if form.errors else 200
    with db.transaction() as session:
        dossiers.change_details(session, dossier_id, form.to_details(), security.stamp(form.revision.data))
    flash(_("The details have been saved."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


@bp.route("/<uuid:dossier_id>/team", methods=["GET", "POST"])
@requires(Permission.TEAM_MANAGE)
def team(dossier_id: UUID) -> ResponseReturnValue:
    """Show the team, and add a colleague to it."""
    form = TeamForm()
    with db.reading() as session:
        sheet = answering.open_sheet(session, dossier_id, security.stamp(), Permission.TEAM_MANAGE)
        form.offer(sheet.questionnaire)
        valid = form.validate_on_submit()
    if valid and _added(dossier_id, form):
        flash(_("Your colleague is in the team."), "success")
        return redirect(url_for(".team", dossier_id=dossier_id), 303)
    with db.reading() as session:
        sheet = answering.open_sheet(session, dossier_id, security.stamp(), Permission.TEAM_MANAGE)
        page = render_template(
            "dossiers/team.html",
            form=form,
            remove=RemoveForm(formdata=None),
            access=sheet.access,
            members=dossiers.team_of(session, dossier_id),
            roles={role.id: role for role in sheet.questionnaire.roles},
            language=sheet.questionnaire.language,
            editable=answering.is_editable(sheet),
        )
    return page, 422 if form.errors else 200


def _added(dossier_id: UUID, form: TeamForm) -> bool:
    """Add the colleague; what is wrong with the input goes to its field."""
    try:
        with db.transaction() as session:
            dossiers.add_team_member(
                session,
                dossier_id,
                form.email.data,
                form.function.data,
                security.stamp(form.revision.data),
            )
    except InputError as error:
        form[error.field].errors = [INPUT[error.reason]]
        return False
    return True


@bp.post("/<uuid:dossier_id>/team/verwijderen")
@requires(Permission.TEAM_MANAGE)
def remove_member(dossier_id: UUID) -> ResponseReturnValue:
    """End somebody's place in the team."""
    form = RemoveForm()
    if not form.validate():
        raise InputError("user_id", "unknown")
    with db.transaction() as session:
        dossiers.remove_team_member(
            session,
            dossier_id,
            security.uuid_of(form.user_id.data),
            security.stamp(form.revision.data),
        )
    flash(_("Your colleague is no longer in the team."), "success")
    return redirect(url_for(".team", dossier_id=dossier_id), 303)


@bp.route("/<uuid:dossier_id>/indienen", methods=["GET", "POST"])
@requires(Permission.DOSSIER_SUBMIT)
def submit(dossier_id: UUID) -> ResponseReturnValue:
    """Show what is still open, and hand in."""
    form = StepForm()
    if request.method == "GET":
        return _submit_page(dossier_id, form, 200)
    if not form.validate():
        return _submit_page(dossier_id, form, 422)
    stamp = security.stamp(form.revision.data)
    try:
        _try_report(dossier_id)
    except RenderError as error:
        return _submit_page(dossier_id, form, 422, error)
    with db.transaction() as session:
        submission.submit(session, dossier_id, stamp)
    flash(
        _("The dossier has been submitted. The committee is going to read exactly this version."), "success"
    )
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


def _try_report(dossier_id: UUID) -> None:
    """Refuse what could not be printed, while its authors can still mend it."""
    with db.reading() as session:
        draft = submission.draft_of(session, dossier_id, security.stamp())
        if not draft.ready:
            return
        source = submission.trial_of(session, draft, security.stamp())
    reporting.try_rendering(source)


def _submit_page(
    dossier_id: UUID, form: StepForm, status: int, refused: RenderError | None = None
) -> ResponseReturnValue:
    with db.reading() as session:
        draft = submission.draft_of(session, dossier_id, security.stamp())
        page = render_template(
            "dossiers/submit.html",
            form=form,
            draft=draft,
            open_questions=open_questions(draft),
            endings=endings(dossier_id, *draft.walked),
            outcome=outcome_view(session, draft.findings, dossier_id, draft.questionnaire.language),
            to_confirm=to_confirm(draft),
            refused=refused,
        )
    return page, status


@bp.route("/<uuid:dossier_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.DOSSIER_WITHDRAW)
def withdraw(dossier_id: UUID) -> ResponseReturnValue:
    """Take a dossier back for good."""
    form = StepForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            dossiers.withdraw(session, dossier_id, security.stamp(form.revision.data))
        flash(_("The dossier has been withdrawn. It stays readable."), "success")
        return redirect(url_for(".show", dossier_id=dossier_id), 303)
    with db.reading() as session:
        found = overview.of(session, dossier_id, security.stamp(), Permission.DOSSIER_WITHDRAW)
        return render_template("dossiers/withdraw.html", form=form, view=found)
