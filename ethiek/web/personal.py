"""Chair and secretary sign a report with certificates of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db, persons
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError, SigningError
from ethiek.reports.continuation import PersonalSignature
from ethiek.reports.opening import LARGEST_BUNDLE
from ethiek.services import personal
from ethiek.services.personal import ToSign
from ethiek.web import security, step_up
from ethiek.web.forms.personal import KeyForm, SeenForm, SignedForm
from ethiek.web.security import accepts_file, requires, sent_file
from ethiek.web.signing_labels import person_reason
from ethiek.web.verification import LARGEST_UPLOAD

bp = Blueprint("personal", __name__, url_prefix="/dossiers/<uuid:dossier_id>/advies/ondertekenen")

_ROOM: Final = 16 * 2**10
"""Bytes of a request beside its file. Together they stay in memory: a key is never on disk."""
_ROOM_WITH_REPORT: Final = 2**20

Form = KeyForm | SignedForm
Signing = Callable[[ToSign], PersonalSignature]


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ADVICE_APPROVE)
@accepts_file("file", LARGEST_BUNDLE + _ROOM)
def sign(dossier_id: UUID) -> ResponseReturnValue:
    """Show exactly what is signed, and sign it with the key in a file."""
    form = KeyForm()
    return _answer(dossier_id, form, "sign.html", lambda given: _with_file(form, given))


def _with_file(form: KeyForm, given: ToSign) -> PersonalSignature:
    _name, bundle = sent_file("file", LARGEST_BUNDLE)
    settings, passphrase = current_app.extensions["settings"], form.passphrase.data or ""
    return persons.signed_with_file(settings, given, bundle, passphrase, security.now())


@bp.route("/eigen-programma", methods=["GET", "POST"])
@requires(Permission.ADVICE_APPROVE)
@accepts_file("file", LARGEST_UPLOAD + _ROOM_WITH_REPORT)
def elsewhere(dossier_id: UUID) -> ResponseReturnValue:
    """Take over the report as somebody signed it with a smart card or a tool of their own."""
    return _answer(dossier_id, SignedForm(), "elsewhere.html", _from_elsewhere)


def _from_elsewhere(given: ToSign) -> PersonalSignature:
    _name, signed = sent_file("file", LARGEST_UPLOAD)
    return persons.signed_elsewhere(current_app.extensions["settings"], given, signed)


def _answer(dossier_id: UUID, form: Form, template: str, signing: Signing) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _page(dossier_id, form, template), 422 if form.errors else 200
    if refused := step_up.refusal(form.password):
        return _page(dossier_id, form, template), *refused
    web_session.renew()  # type: ignore[attr-defined]  # of RowSession
    try:
        return _signed(dossier_id, form.sha256.data, signing)
    except SigningError as error:
        field = form["passphrase"] if error.code == "passphrase" and "passphrase" in form else form.file
        field.errors = [person_reason(error.code)]
    except InputError as error:
        form.file.errors = [person_reason(error.reason)]
    return _page(dossier_id, form, template), 422


def _signed(dossier_id: UUID, seen: str, signing: Signing) -> ResponseReturnValue:
    """Sign outside any transaction: that takes seconds, and asks others for the time."""
    with db.reading() as session:
        given = personal.to_sign(session, dossier_id, seen, security.stamp())
    signed = signing(given)
    with db.transaction() as session:
        complete = personal.record(session, dossier_id, seen, signed, security.stamp())
    flash(_("Signed with the certificate of %(name)s.", name=signed.name), "success")
    there = "advice.report" if complete else ".sign"
    return redirect(url_for(there, dossier_id=dossier_id), 303)


def _page(dossier_id: UUID, form: Form, template: str) -> str:
    with db.reading() as session:
        sheet = personal.sheet(session, dossier_id, security.stamp())
        return render_template(
            f"personal/{template}", form=form, sheet=sheet, dossier=sheet.access.dossier, advice=sheet.advice
        )


@bp.get("/rapport.pdf")
@requires(Permission.ADVICE_APPROVE)
def download(dossier_id: UUID) -> ResponseReturnValue:
    """Give the file that is signed; it is not final, and its name says so."""
    with db.transaction() as session:
        reference, pdf = personal.read(session, dossier_id, security.stamp())
    response = Response(pdf, mimetype="application/pdf")
    name = f"{reference}-nog-niet-ondertekend.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/zonder")
@requires(Permission.REPORT_RETRY)
def without(dossier_id: UUID) -> ResponseReturnValue:
    """Go on without the personal signatures that are missing."""
    with db.transaction() as session:
        personal.go_on_without(session, dossier_id, _seen(), security.stamp())
    flash(_("The report is made again, without the personal signature that was missing."), "success")
    return redirect(url_for("advice.report", dossier_id=dossier_id), 303)


@bp.post("/opnieuw")
@requires(Permission.REPORT_RETRY)
def anew(dossier_id: UUID) -> ResponseReturnValue:
    """Make and seal the report again; whoever had signed signs again."""
    with db.transaction() as session:
        personal.begin_anew(session, dossier_id, _seen(), security.stamp())
    flash(_("The report is made again. After that, everybody signs again."), "success")
    return redirect(url_for("advice.report", dossier_id=dossier_id), 303)


def _seen() -> str:
    form = SeenForm()
    if not form.validate():
        abort(400)
    return str(form.sha256.data)
