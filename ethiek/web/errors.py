"""From error to page: what happened, what was kept, and what to do next. Refused changes become events."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from ethiek import db
from ethiek.errors import (
    ArchiveError,
    BusyError,
    ConcurrentEditError,
    EthiekError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    RenderError,
    RuleError,
    ServiceUnavailableError,
)
from ethiek.services import audit
from ethiek.web import security
from ethiek.web.labels import GUARD, INPUT

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error page says."""

    status: int
    title: LazyString
    message: LazyString
    kept: LazyString | None = None


_NOTHING_DONE: Final = _l("Your last step was not carried out. Everything that was saved before is kept.")

_TOLD: Final[dict[type[Exception], Told]] = {
    NotFoundError: Told(404, _l("Page not found"), _l("This page does not exist, or you cannot see it.")),
    PermissionDeniedError: Told(
        403, _l("You cannot do this"), _l("Your role does not include this step."), _NOTHING_DONE
    ),
    ConcurrentEditError: Told(
        409,
        _l("This has changed in the meantime"),
        _l("Somebody else (or you, in another window) changed it while you were working."),
        _NOTHING_DONE,
    ),
    RuleError: Told(
        409,
        _l("This step is not possible now"),
        _l("The dossier is in another state than your page showed."),
        _NOTHING_DONE,
    ),
    InputError: Told(
        422, _l("Something is not filled in right"), _l("Go back and look at your input."), _NOTHING_DONE
    ),
    RenderError: Told(
        422,
        _l("This document cannot be made"),
        _l("Something in the dossier cannot be printed. Handing in the dossier says which answer causes it."),
        _NOTHING_DONE,
    ),
    CSRFError: Told(
        403,
        _l("This page is out of date"),
        _l("The page was open for too long, or your login changed. Load the page again."),
        _NOTHING_DONE,
    ),
    ServiceUnavailableError: Told(
        503, _l("Ethiek cannot be reached for a moment"), _l("Try again in a minute."), _NOTHING_DONE
    ),
    BusyError: Told(
        503,
        _l("Many documents are being made now"),
        _l("It is not your turn yet. Try again in a minute."),
    ),
    ArchiveError: Told(
        500,
        _l("This file is not what was archived"),
        _l("The file is missing or was changed, so it is not given out. The administrator has been told."),
    ),
}

_NOT_TYPED: Final = frozenset({"content", "csrf_token", "password", "sha256", "token", "revision"})
"""Fields whose content is never shown again."""

_KEPT_ON_PAGE: Final = frozenset({403, 409, 422, 503})
"""Refusals that show what was typed; a larger body was never read."""

_HTTP: Final = {
    **{
        status: Told(status, _l("This request cannot be read"), _l("Go back and try again."), _NOTHING_DONE)
        for status in (400, 405, 411, 415)
    },
    413: Told(
        413, _l("This is too much at once"), _l("Send less text or a smaller file at a time."), _NOTHING_DONE
    ),
    428: Told(428, _l("This page is out of date"), _l("Load the page again before you save."), _NOTHING_DONE),
    429: Told(429, _l("Too many attempts"), _l("Wait a few minutes and try again.")),
}


def init_app(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(EthiekError, _on_error)
    app.register_error_handler(CSRFError, _on_stale_token)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_bug)


def _told(error: Exception) -> Told:
    told = next((_TOLD[kind] for kind in type(error).__mro__ if kind in _TOLD), None)
    if told is None:
        raise error
    if isinstance(error, GuardFailedError) and error.guard in GUARD:
        return Told(told.status, told.title, GUARD[error.guard], told.kept)
    if isinstance(error, InputError) and error.reason in INPUT:
        return Told(told.status, told.title, INPUT[error.reason], told.kept)
    return told


def _on_error(error: Exception) -> ResponseReturnValue:
    told = _told(error)
    if told.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _refuse(told, type(error).__name__)
    log.error("%s at %s", type(error).__name__, request.endpoint)
    return answer(told)


def _on_stale_token(error: CSRFError) -> ResponseReturnValue:
    """Refuse, but tell a script whose session has ended to sign in again: it keeps the text and then goes on."""
    if security.wants_json() and not current_user.is_authenticated:
        return security.unauthenticated()
    return _on_error(error)


def _on_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    if isinstance(error, SecurityError):  # another host's name: there is no address here to put in a page
        return (
            "Dit adres hoort niet bij deze site. This host is not served here.",
            error.code,
            {"Content-Type": "text/plain"},
        )
    told = (
        _HTTP.get(error.code)
        or _TOLD[NotFoundError if error.code == HTTPStatus.NOT_FOUND else PermissionDeniedError]
    )
    told = Told(error.code, told.title, told.message, told.kept)
    return answer(told) if error.code == HTTPStatus.NOT_FOUND else _refuse(told, f"HTTP {error.code}")


def _on_bug(error: Exception) -> ResponseReturnValue:
    """Ours: tell the log where (its message could hold what somebody typed), the user that it went wrong."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("bug at %s: %s\n%s", request.endpoint, type(error).__name__, where)
    if security.wants_json():
        return jsonify(error="internal"), 500
    return render_template("errors/plain.html"), 500


def answer(told: Told) -> ResponseReturnValue:
    """Make the page, or its JSON for a script."""
    if security.wants_json():
        return jsonify(error=str(told.title), message=str(told.message)), told.status
    page = render_template(
        "errors/error.html",
        title=told.title,
        message=told.message,
        kept=told.kept,
        status=told.status,
        action_url=request.path
        if told.status == HTTPStatus.CONFLICT and request.method == "GET"
        else url_for("pages.home"),
        action_label=_l("To your work"),
        typed=_typed() if told.status in _KEPT_ON_PAGE else [],
    )
    return page, told.status


def _refuse(told: Told, reason: str) -> ResponseReturnValue:
    """Record the refusal and answer it; one that cannot be recorded is answered as the reason for that."""
    try:
        record_refusal(reason)
    except ServiceUnavailableError as error:
        return _on_error(error)
    return answer(told)


def _typed() -> list[str]:
    """Return the texts in the form that was refused, so that their author can copy them."""
    if request.method in security.SAFE_METHODS:
        return []
    texts = (text.strip() for name, text in request.form.items(multi=True) if name not in _NOT_TYPED)
    return [text for text in texts if " " in text]


def record_refusal(reason: str) -> None:
    """Write in the audit trail that a change was refused to somebody who is known; outside any transaction."""
    if request.method in security.SAFE_METHODS or not current_user.is_authenticated:
        return
    subject = audit.Subject(
        "route", str(next(iter((request.view_args or {}).values()), request.endpoint or "?"))[:80]
    )
    with db.own_transaction() as session:
        audit.record(
            session,
            security.stamp(),
            (request.endpoint or "unknown")[:40],
            subject,
            result=audit.Result.REFUSED,
            details={"reason": reason},
        )
