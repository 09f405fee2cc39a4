"""The team records its gatherings: date, title, who took part, notes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import ConcurrentEditError, InputError
from ethiek.services import gatherings
from ethiek.web import security
from ethiek.web.forms.gatherings import GatheringForm, RemoveGatheringForm
from ethiek.web.security import requires

bp = Blueprint("gatherings", __name__, url_prefix="/dossiers/<uuid:dossier_id>/bijeenkomsten")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ANSWER_EDIT)
def index(dossier_id: UUID) -> ResponseReturnValue:
    """Show the gatherings, and record one more."""
    form = GatheringForm()
    if not form.validate_on_submit():
        return _index_page(dossier_id, form)
    try:
        with db.transaction() as session:
            gatherings.add(session, dossier_id, form.to_gathering(), form.key, security.stamp())
    except InputError as error:
        form.refuse(error)
        return _index_page(dossier_id, form)
    flash(_("The gathering has been recorded."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)


def _index_page(dossier_id: UUID, form: GatheringForm) -> ResponseReturnValue:
    with db.reading() as session:
        view = gatherings.sheet(session, dossier_id, security.stamp())
        page = render_template("gatherings/index.html", form=form, view=view, dossier=view.access.dossier)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:gathering_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_EDIT)
def change(dossier_id: UUID, gathering_id: UUID) -> ResponseReturnValue:
    """Show one gathering with its earlier versions, and record it otherwise."""
    form = GatheringForm()
    if not form.validate_on_submit():
        return _change_page(dossier_id, gathering_id, form, 422 if form.errors else 200)
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            gatherings.change(session, dossier_id, gathering_id, form.to_gathering(), form.key, stamp)
    except InputError as error:
        form.refuse(error)
        return _change_page(dossier_id, gathering_id, form, 422)
    except ConcurrentEditError:
        return _change_page(dossier_id, gathering_id, form, 409)
    flash(_("The gathering has been saved."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)


def _change_page(
    dossier_id: UUID, gathering_id: UUID, form: GatheringForm, status: int
) -> ResponseReturnValue:
    """Show the form; after somebody else's change with their text beside what was typed, and now based on it."""
    with db.reading() as session:
        view = gatherings.history(session, dossier_id, gathering_id, security.stamp())
        if not form.is_submitted() and view.present.given:
            form = GatheringForm.showing(view.present.given, view.present.revision)
        page = render_template(
            "gatherings/change.html",
            form=form,
            view=view,
            dossier=view.access.dossier,
            gathering_id=gathering_id,
            overtaken=status == 409,  # noqa: PLR2004
        )
    return page, status


@bp.post("/<uuid:gathering_id>/verwijderen")
@requires(Permission.ANSWER_EDIT)
def remove(dossier_id: UUID, gathering_id: UUID) -> ResponseReturnValue:
    """Take a gathering away; what was recorded of it stays on record."""
    form = RemoveGatheringForm()
    with db.transaction() as session:
        stamp = security.stamp(form.revision.data)
        gatherings.change(session, dossier_id, gathering_id, None, f"{form.token.data}"[:64], stamp)
    flash(_("The gathering has been removed. Its earlier versions stay on record."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)
