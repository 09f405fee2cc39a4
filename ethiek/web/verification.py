"""The public check of a report: by its file, by the code that is printed in it, or by a program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from ethiek import db
from ethiek.errors import InputError
from ethiek.reports.source import digest
from ethiek.seals import evidence_of
from ethiek.services import report_check, report_status, throttle
from ethiek.services.report_check import CheckBusyError, Checked
from ethiek.services.report_status import Status
from ethiek.services.throttle import Limit
from ethiek.web import security
from ethiek.web.check_labels import OUTCOME, STATE
from ethiek.web.forms.verification import CheckForm
from ethiek.web.security import accepts_file, sent_file

bp = Blueprint("verification", __name__, url_prefix="/controle")

LARGEST_UPLOAD: Final = 16 * 2**20
"""Bytes of a report; one of 300 pages has some 3 million."""

_WITH_FORM: Final = LARGEST_UPLOAD + 2**20
_BUSY_SECONDS: Final = 20
_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


@bp.route("", methods=["GET", "POST"])
@accepts_file("file", _WITH_FORM)
def upload() -> ResponseReturnValue:
    """Check a file that somebody brings."""
    form = CheckForm()
    if not form.is_submitted():
        return _upload_page(form)
    if wait := _counted(throttle.check_limits(security.origin())):
        return _later(wait)
    if not form.validate():
        return _upload_page(form)
    try:
        _name, pdf = sent_file("file", LARGEST_UPLOAD)
        checked = _checked(pdf)
    except InputError:
        form.file.errors = [_("This file is too large: at most 16 MB.")]
        return _upload_page(form)
    except CheckBusyError:
        return _busy()
    return render_template("verification/checked.html", checked=checked, told=OUTCOME[checked.outcome])


def _upload_page(form: CheckForm) -> ResponseReturnValue:
    return render_template("verification/upload.html", form=form), 422 if form.errors else 200


def _checked(pdf: bytes) -> Checked:
    """Check it outside any transaction: that takes seconds.

    Raises:
        InputError: it is too large.
        CheckBusyError: another file is being checked.
    """
    if len(pdf) > LARGEST_UPLOAD:
        raise InputError("file", "file_too_large")
    with db.reading() as session:
        status = report_status.status_of(session, digest(pdf))
    settings = current_app.extensions["settings"]
    return report_check.check(pdf, lambda: evidence_of(settings), status, language=str(get_locale()))


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Tell whether the report with this code still counts; what is written in it only its file tells."""
    if wait := _counted(throttle.lookup_limits(security.origin())):
        return _later(wait)
    with db.reading() as session:
        status = report_status.status_of_code(session, code)
    if status is None:
        return render_template("verification/unknown.html"), 404
    return render_template("verification/show.html", status=status, told=STATE[status.state])


@bp.get("/status.json")
def status() -> ResponseReturnValue:
    """Tell a program the same, by the SHA-256 of the file."""
    if wait := _counted(throttle.lookup_limits(security.origin())):
        return jsonify(error="too_many"), 429, {"Retry-After": str(wait)}
    sha256 = request.args.get("sha256", "")
    if not _SHA256.fullmatch(sha256):
        return jsonify(error="not_a_sha256"), 400
    with db.reading() as session:
        found = report_status.status_of(session, sha256)
    return jsonify(_as_json(sha256.lower(), found))


def _as_json(sha256: str, found: Status | None) -> dict[str, object]:
    if found is None:
        return {"sha256": sha256, "status": "unknown"}
    return {
        "sha256": sha256,
        "status": found.state.value,
        "organisation": found.organisation,
        "committee": found.committee,
        "signed_at": found.signed_at.isoformat(),
        "changed_at": found.changed_at.isoformat() if found.changed_at else None,
        "test_seal": found.test_seal,
        "advice_sha256": found.advice_sha256,
        "has_decision": found.has_decision,
        "decided_later": found.decided_later,
    }


def _counted(limits: Sequence[Limit]) -> int:
    """Count a try; return how many seconds this address has to wait, 0 if it may go on."""
    with db.own_transaction() as session:
        return throttle.attempt(session, limits, security.now()).retry_after


def _later(seconds: int) -> ResponseReturnValue:
    message = _("Too many attempts. Wait %(minutes)s minutes and try again.", minutes=seconds // 60 + 1)
    page = render_template("verification/later.html", title=_("Too many attempts"), message=message)
    return page, 429, {"Retry-After": str(seconds)}


def _busy() -> ResponseReturnValue:
    message = _("Somebody else's file is being checked. Wait a moment and send yours again.")
    page = render_template("verification/later.html", title=_("One moment please"), message=message)
    return page, 503, {"Retry-After": str(_BUSY_SECONDS)}
