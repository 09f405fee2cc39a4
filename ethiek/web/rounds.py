"""What was handed in, to be read by committee and team, with remarks and replies."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.actors import COMMITTEE_ROLES
from ethiek.domain.answers import Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE
from ethiek.services import comparison, remarks, rounds
from ethiek.services.rounds import Reading
from ethiek.web import security
from ethiek.web.forms.remarks import RemarksForm, RepliesForm, TextsForm, key_of
from ethiek.web.question_views import key_of as anchor_of
from ethiek.web.security import requires

bp = Blueprint("rounds", __name__, url_prefix="/dossiers/<uuid:dossier_id>")


@bp.get("/rondes/<int(min=1, max=9999):number>")
@requires(Permission.ROUND_READ)
def read(dossier_id: UUID, number: int) -> ResponseReturnValue:
    """Show one round as a page to be read from top to bottom."""
    return _reading_page(dossier_id, number)


def _reading_page(
    dossier_id: UUID, number: int, form: TextsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    with db.reading() as session:
        reading = rounds.read(session, dossier_id, number, security.stamp())
        is_committee = bool(reading.access.roles & COMMITTEE_ROLES)
        page = render_template(
            "rounds/read.html",
            reading=reading,
            dossier=reading.access.dossier,
            is_committee=is_committee,
            form=form or (RemarksForm() if is_committee else RepliesForm()),
            slot_of=slot_of_place,
            key_of=key_of,
            may_remark=_may_remark(reading),
            may_reply=_may_reply(reading),
        )
    return page, status


def slot_of_place(place: tuple[str, str]) -> Slot:
    """Return the slot at which an entry of the layout stands."""
    return Slot(*place)


def _may_remark(reading: Reading) -> bool:
    open_now = reading.access.dossier.status in remarks.OPEN_FOR_REMARKS
    return open_now and reading.is_present and reading.access.may(Permission.REMARK_WRITE)


def _may_reply(reading: Reading) -> bool:
    return reading.access.dossier.status in EDITABLE and reading.access.may(Permission.REMARK_REPLY)


@bp.post("/rondes/<int(min=1, max=9999):number>/opmerkingen")
@requires(Permission.REMARK_WRITE)
def remark(dossier_id: UUID, number: int) -> ResponseReturnValue:
    """Put an internal remark at a question, or on the whole."""
    form = RemarksForm()
    if not form.validate():
        return _reading_page(dossier_id, number, form, 422)
    with db.transaction() as session:
        rounds.remark(session, dossier_id, number, form.to_input(), security.stamp())
    form.sent()
    if (
        form.texts
    ):  # what was typed at other questions stays on the page; sending this page again changes nothing
        return _reading_page(dossier_id, number, form)
    return redirect(url_for(".read", dossier_id=dossier_id, number=number, _anchor=f"v-{form.at.data}"), 303)


@bp.get("/opmerkingen")
@requires(Permission.REMARK_REPLY)
def replies(dossier_id: UUID) -> ResponseReturnValue:
    """List what the committee asks, the unanswered first."""
    return _replies_page(dossier_id, RepliesForm())


def _replies_page(dossier_id: UUID, form: RepliesForm, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        view = rounds.reply_list(session, dossier_id, security.stamp())
        page = render_template(
            "rounds/replies.html",
            view=view,
            dossier=view.access.dossier,
            form=form,
            anchor_of=anchor_of,
            may_reply=view.access.dossier.status in EDITABLE,
        )
    return page, status


@bp.post("/opmerkingen/<uuid:remark_id>/antwoorden")
@requires(Permission.REMARK_REPLY)
def reply(dossier_id: UUID, remark_id: UUID) -> ResponseReturnValue:
    """Answer one remark."""
    form = RepliesForm()
    form.at.data = str(remark_id)
    if not form.validate():
        return _reply_page(dossier_id, form, 422)
    with db.transaction() as session:
        remarks.reply(session, dossier_id, remark_id, form.body, form.token_of(form.body), security.stamp())
    form.sent()
    if form.texts:  # as in ``remark``
        return _reply_page(dossier_id, form)
    flash(_("Your reply has been saved."), "success")
    anchor = f"opmerking-{remark_id}"
    if form.round_number is None:
        return redirect(url_for(".replies", dossier_id=dossier_id, _anchor=anchor), 303)
    return redirect(url_for(".read", dossier_id=dossier_id, number=form.round_number, _anchor=anchor), 303)


def _reply_page(dossier_id: UUID, form: RepliesForm, status: int = 200) -> ResponseReturnValue:
    """Show the page again that the form was on."""
    if form.round_number is None:
        return _replies_page(dossier_id, form, status)
    return _reading_page(dossier_id, form.round_number, form, status)


@bp.get("/rondes/<int(min=1, max=9999):number>/verschillen")
@requires(Permission.ROUND_READ)
def changes(dossier_id: UUID, number: int) -> ResponseReturnValue:
    """Show what changed since the round before."""
    with db.reading() as session:
        found = comparison.compare(session, dossier_id, number, security.stamp())
        return render_template("rounds/changes.html", view=found, dossier=found.access.dossier, key_of=key_of)
