"""The versions of a dossier's question set: look, move, go back, and what found no place."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.carried import PLACED, CarriedState
from ethiek.domain.moving import name_of
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import places
from ethiek.services import earlier, migration
from ethiek.services.migration import Summary
from ethiek.web import security
from ethiek.web.forms.dossiers import StepForm
from ethiek.web.forms.versions import MoveForm
from ethiek.web.question_views import key_of, section_url
from ethiek.web.security import requires
from ethiek.web.version_views import groups_of

bp = Blueprint("versions", __name__, url_prefix="/dossiers/<uuid:dossier_id>")


@bp.route("/versie", methods=["GET", "POST"])
@requires(Permission.DOSSIER_EDIT)
def move(dossier_id: UUID) -> ResponseReturnValue:
    """Show what moving to a newer version does, and move."""
    form = MoveForm()
    if not form.validate_on_submit():
        return _preview_page(dossier_id, form)
    with db.transaction() as session:
        stamp = security.stamp(form.revision.data)
        migration.migrate(session, dossier_id, form.naar.data or "", stamp)
    flash(_("The dossier has the newer version now. Your answers came along."), "success")
    return redirect(url_for(".moved", dossier_id=dossier_id), 303)


def _preview_page(dossier_id: UUID, form: MoveForm) -> ResponseReturnValue:
    wanted = form.naar.data if request.method == "POST" else request.args.get("naar")
    with db.reading() as session:
        found = migration.preview(session, dossier_id, wanted, security.stamp())
        form.naar.data = found.target.key
        if request.method == "GET":
            form.revision.data = found.access.dossier.revision
        page = render_template(
            "versions/preview.html",
            form=form,
            dossier=found.access.dossier,
            preview=found,
            groups=groups_of(found),
            comes_along=found.count(*PLACED),
            to_confirm=found.count(CarriedState.PENDING),
            no_place=found.count(CarriedState.UNPLACED, CarriedState.NOT_USED),
        )
    return page, 422 if form.errors else 200


@bp.get("/versie/overgezet")
@requires(Permission.DOSSIER_EDIT)
def moved(dossier_id: UUID) -> ResponseReturnValue:
    """Show what the last move did, what is left to do, and the way back."""
    with db.reading() as session:
        found = migration.summary(session, dossier_id, security.stamp())
        return render_template(
            "versions/moved.html",
            view=found,
            dossier=found.access.dossier,
            form=StepForm(formdata=None),
            waiting=_waiting(found),
        )


def _waiting(found: Summary) -> list[tuple[str, str]]:
    """Return what is to be confirmed, with the address where that is done."""
    known = places(found.target)
    dossier_id = found.access.dossier.id
    return [
        (name_of(known, slot), f"{section_url(dossier_id, known[slot.question].section.id)}#{key_of(slot)}")
        for slot in found.waiting
    ]


@bp.post("/versie/terugzetten")
@requires(Permission.DOSSIER_EDIT)
def undo(dossier_id: UUID) -> ResponseReturnValue:
    """Take the last move back."""
    form = StepForm()
    with db.transaction() as session:
        migration.undo(session, dossier_id, security.stamp(form.revision.data))
    flash(_("The dossier is again exactly what it was before the move."), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier_id), 303)


@bp.get("/eerdere-antwoorden")
@requires(Permission.ANSWER_EDIT)
def earlier_answers(dossier_id: UUID) -> ResponseReturnValue:
    """Show what was answered and has no place in the present version."""
    with db.reading() as session:
        found = earlier.earlier(session, dossier_id, security.stamp())
        return render_template("versions/earlier.html", view=found, dossier=found.access.dossier)
