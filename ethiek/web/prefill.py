"""Filling in a dossier with answers from another dossier or a file: choose, look, carry out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from ethiek import db
from ethiek.domain.carried import CarriedState
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.exchange.answers_json import MAX_BYTES
from ethiek.services import prefill
from ethiek.services.prefill import Preview
from ethiek.web import security
from ethiek.web.forms.prefill import CarryFileForm, CarryForm, FileForm
from ethiek.web.labels import NO_PLACE
from ethiek.web.security import accepts_file, requires, sent_file

bp = Blueprint("prefill", __name__, url_prefix="/dossiers/<uuid:dossier_id>/voorinvullen")

Look = Callable[[db.Session], Preview]


@bp.get("")
@requires(Permission.ANSWER_EDIT)
def index(dossier_id: UUID) -> ResponseReturnValue:
    """Offer the dossiers and the file from which can be filled in."""
    return _index_page(dossier_id, FileForm())


def _index_page(dossier_id: UUID, form: FileForm, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        choice = prefill.choice(session, dossier_id, security.stamp())
        page = render_template("prefill/index.html", choice=choice, dossier=choice.access.dossier, form=form)
    return page, status


@bp.get("/<uuid:source_id>")
@requires(Permission.ANSWER_EDIT)
def from_dossier(dossier_id: UUID, source_id: UUID) -> ResponseReturnValue:
    """Show what filling in from another dossier would do."""
    with db.reading() as session:
        preview = prefill.from_dossier(session, dossier_id, source_id, security.stamp())
        target = url_for(".carry_dossier", dossier_id=dossier_id, source_id=source_id)
        return _preview_page(preview, CarryForm(), target)


@bp.post("/<uuid:source_id>")
@requires(Permission.ANSWER_EDIT)
def carry_dossier(dossier_id: UUID, source_id: UUID) -> ResponseReturnValue:
    """Fill in from another dossier."""
    stamp = security.stamp(CarryForm().revision.data)
    return _carry_out(
        dossier_id, lambda session: prefill.from_dossier(session, dossier_id, source_id, stamp, lock=True)
    )


@bp.post("/bestand")
@requires(Permission.ANSWER_EDIT)
@accepts_file("file", 2 * MAX_BYTES)
def from_file(dossier_id: UUID) -> ResponseReturnValue:
    """Show what filling in from a file would do; nothing is kept of it here."""
    form = FileForm()
    try:
        name, data = sent_file("file", MAX_BYTES)
        with db.reading() as session:
            preview = prefill.from_file(session, dossier_id, name, data, security.stamp())
            carry = CarryFileForm(formdata=None)
            carry.keep(preview.label, data)
            return _preview_page(preview, carry, url_for(".carry_file", dossier_id=dossier_id))
    except InputError as error:
        form.refuse(error)
        return _index_page(dossier_id, form, 422)


@bp.post("/bestand/uitvoeren")
@requires(Permission.ANSWER_EDIT)
def carry_file(dossier_id: UUID) -> ResponseReturnValue:
    """Fill in from the file that was shown."""
    form = CarryFileForm()
    stamp = security.stamp(form.revision.data)
    name, data = form.kept()
    return _carry_out(
        dossier_id, lambda session: prefill.from_file(session, dossier_id, name, data, stamp, lock=True)
    )


def _preview_page(preview: Preview, form: CarryForm, target: str) -> str:
    form.revision.data = preview.access.dossier.revision
    return render_template(
        "prefill/preview.html",
        preview=preview,
        dossier=preview.access.dossier,
        form=form,
        target=target,
        filled=preview.of(CarriedState.PENDING),
        left=preview.of(CarriedState.NOT_USED),
        unplaced=preview.of(CarriedState.UNPLACED),
        no_place=NO_PLACE,
    )


def _carry_out(dossier_id: UUID, look: Look) -> ResponseReturnValue:
    with db.transaction() as session:
        found = prefill.carry_out(session, look(session), security.stamp())
    count = found.count(CarriedState.PENDING)
    flash(
        ngettext(
            "%(num)s answer has been filled in. It waits to be confirmed.",
            "%(num)s answers have been filled in. They wait to be confirmed.",
            count,
        ),
        "success",
    )
    return redirect(url_for("dossiers.show", dossier_id=dossier_id), 303)
