"""People of the committee withdraw from one dossier; the secretary keeps the record of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError, NotFoundError
from ethiek.services import recusals
from ethiek.web import security
from ethiek.web.forms.recusals import OtherRecusalForm, RecusalForm, UndoRecusalForm
from ethiek.web.security import requires

bp = Blueprint("recusals", __name__, url_prefix="/dossiers/<uuid:dossier_id>")


@bp.route("/terugtreden", methods=["GET", "POST"])
@requires(Permission.RECUSE)
def own(dossier_id: UUID) -> ResponseReturnValue:
    """Withdraw from a dossier; afterwards the user cannot open it any more."""
    form = RecusalForm()
    if not form.validate_on_submit():
        return _own_page(dossier_id, form)
    try:
        with db.transaction() as session:
            recusals.recuse(session, dossier_id, form.reason.data, security.stamp(form.revision.data))
    except InputError as error:
        form.refuse(error)
        return _own_page(dossier_id, form)
    flash(
        _("You have withdrawn from this dossier, and do not see it any more. It is in the report."), "success"
    )
    return redirect(url_for("committee.index"), 303)


def _own_page(dossier_id: UUID, form: RecusalForm) -> ResponseReturnValue:
    with db.reading() as session:
        view = recusals.own(session, dossier_id, security.stamp())
        page = render_template("recusals/own.html", form=form, view=view, dossier=view.access.dossier)
    return page, 422 if form.errors else 200


@bp.route("/terugtredingen", methods=["GET", "POST"])
@requires(Permission.CASE_MANAGE)
def index(dossier_id: UUID) -> ResponseReturnValue:
    """Show who withdrew, and record it for somebody else."""
    form = OtherRecusalForm()
    with db.reading() as session:
        form.offer(recusals.board(session, dossier_id, security.stamp()).others)
    if not form.validate_on_submit():
        return _index_page(dossier_id, form)
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            recusals.recuse_other(session, dossier_id, form.person_id, form.reason.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _index_page(dossier_id, form)
    flash(_("It has been recorded. This person does not see the dossier any more."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)


def _index_page(dossier_id: UUID, form: OtherRecusalForm) -> ResponseReturnValue:
    with db.reading() as session:
        view = recusals.board(session, dossier_id, security.stamp())
        page = render_template("recusals/index.html", form=form, view=view, dossier=view.access.dossier)
    return page, 422 if form.errors else 200


@bp.route("/terugtredingen/<uuid:user_id>/ongedaan", methods=["GET", "POST"])
@requires(Permission.CASE_MANAGE)
def undo(dossier_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Let somebody take part again."""
    form = UndoRecusalForm()
    if not form.validate_on_submit():
        return _undo_page(dossier_id, user_id, form)
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            recusals.undo(session, dossier_id, user_id, form.reason.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _undo_page(dossier_id, user_id, form)
    flash(_("This person takes part again."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)


def _undo_page(dossier_id: UUID, user_id: UUID, form: UndoRecusalForm) -> ResponseReturnValue:
    with db.reading() as session:
        view = recusals.board(session, dossier_id, security.stamp())
        event = next((row for row in view.recused if row.user_id == user_id), None)
        if event is None:
            raise NotFoundError
        page = render_template(
            "recusals/undo.html", form=form, view=view, event=event, dossier=view.access.dossier
        )
    return page, 422 if form.errors else 200
