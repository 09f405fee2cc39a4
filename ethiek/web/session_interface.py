"""Flask's session on our own rows: the cookie is a random id, the contents stay in the database.

Rows are read and written on connections of their own, apart from the request's transaction. When the database
is away the visitor counts as nobody, and the request is answered 503.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from flask import Flask, Request, Response, request
from flask import session as current_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict
from werkzeug.exceptions import ServiceUnavailable

from ethiek import db
from ethiek.errors import ServiceUnavailableError
from ethiek.services import sessions, visitors
from ethiek.services.sessions import StoredSession
from ethiek.services.visitors import Visitor

USER_KEY: Final = "_user_id"
"""Where Flask-Login keeps who is signed in."""

_log = logging.getLogger(__name__)
_serializer = TaggedJSONSerializer()


class RowSession(CallbackDict[str, Any], SessionMixin):
    """The contents of one session during one request.

    ``stored`` is the row it came from, if any, and ``account`` who was signed in then. ``unavailable``: the
    database could not be asked.
    """

    def __init__(self, visitor: Visitor | None = None, *, unavailable: bool = False) -> None:
        stored = visitor.stored if visitor else None
        super().__init__(_serializer.loads(stored.data) if stored else {}, _note_change)
        self.stored = stored
        self.account = visitor.account if visitor else None
        self.unavailable = unavailable
        self.modified = False
        self.renewed = False
        self.restarted = False
        self.new = stored is None

    @property
    def id_sha256(self) -> str | None:
        """By which its owner's list of sessions knows this one."""
        return self.stored.id_sha256 if self.stored else None

    @property
    def user_id(self) -> UUID | None:
        """Who is signed in."""
        text = self.get(USER_KEY)
        return UUID(text) if text else None

    def renew(self) -> None:
        """Ask for a new id within the same 12 hours: after a step-up, or a changed password."""
        self.renewed = True

    def clear(self) -> None:
        """Forget everything; what is put in afterwards is a new session, with an id and limits of its own."""
        super().clear()
        self.restarted = True


def _note_change(session: Any) -> None:
    session.modified = True


class RowSessionInterface(SessionInterface):
    """Reads one row per request with a cookie, and writes only what changed.

    Args:
        secure: False only for a demonstration over plain HTTP on this machine.
        clock: gives the moment in UTC.
    """

    def __init__(self, *, secure: bool, clock: Callable[[], datetime] | None = None) -> None:
        self.secure = secure
        self.cookie = "__Host-ethiek" if secure else "ethiek"
        self._now = clock or _utc_now

    def open_session(self, app: Flask, request: Request) -> RowSession:
        """Find the session of this cookie; static files need none."""
        session_id = request.cookies.get(self.cookie)
        if not session_id or request.path.startswith(f"{app.static_url_path}/"):
            return RowSession()
        try:
            with db.own_reading() as session:
                return RowSession(visitors.load(session, session_id, self._now()))
        except ServiceUnavailableError as error:
            _log.warning("session not read: %s", error.reason)
            return RowSession(unavailable=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Write what changed; an answer that counts on it becomes 503 if that fails."""
        if not isinstance(session, RowSession) or session.unavailable:
            return
        if session.accessed:
            response.vary.add("Cookie")
        at = self._now()
        try:
            if session.modified or session.renewed:
                self._write(session, response, at)
            elif session.stored and at - session.stored.seen_at > sessions.TOUCH:
                _touch(session.stored, at)
        except ServiceUnavailableError as error:
            _log.warning("session not written: %s", error.reason)
            _answer_unavailable(response)

    def _write(self, session: RowSession, response: Response, at: datetime) -> None:
        stored, data = session.stored, _serializer.dumps(dict(session))
        if not session:
            self._end(stored, response)
        elif stored is None or session.restarted:
            with db.own_transaction() as rows:
                if stored:
                    sessions.end(rows, stored.id_sha256)
                new_id = sessions.create(rows, session.user_id, data, at, _agent())
            self._set_cookie(response, new_id)
        elif session.renewed or session.user_id != stored.user_id:
            with db.own_transaction() as rows:
                rotated = sessions.rotate(rows, stored.id_sha256, session.user_id, data, at)
            self._set_cookie(response, rotated)
        else:
            with db.own_transaction() as rows:
                sessions.save(rows, stored.id_sha256, session.user_id, data, at)

    def _end(self, stored: StoredSession | None, response: Response) -> None:
        if stored:
            with db.own_transaction() as rows:
                sessions.end(rows, stored.id_sha256)
        self._set_cookie(response, None)

    def _set_cookie(self, response: Response, session_id: str | None) -> None:
        options: dict[str, Any] = {"path": "/", "secure": self.secure, "httponly": True, "samesite": "Lax"}
        if session_id is None:
            response.delete_cookie(self.cookie, **options)
        else:
            response.set_cookie(self.cookie, session_id, **options)


def install(app: Flask, *, secure: bool, clock: Callable[[], datetime] | None = None) -> None:
    """Give an application these sessions. Call it before anything else that looks at requests."""
    app.session_interface = RowSessionInterface(secure=secure, clock=clock)
    app.before_request(_refuse_when_unavailable)


def _refuse_when_unavailable() -> None:
    if request.endpoint != "static" and getattr(current_session, "unavailable", False):
        raise ServiceUnavailableError("sessions cannot be read")


def _touch(stored: StoredSession, at: datetime) -> None:
    """Postpone the idle limit; an answer that is ready does not fail for it."""
    try:
        with db.own_transaction() as rows:
            sessions.touch(rows, stored.id_sha256, at)
    except ServiceUnavailableError as error:
        _log.warning("session not touched: %s", error.reason)


def _answer_unavailable(response: Response) -> None:
    error = ServiceUnavailable()
    response.status_code = error.code
    response.set_data(error.get_body())
    response.headers["Retry-After"] = "10"
    response.headers.pop("Location", None)


def _agent() -> str:
    return request.user_agent.string


def _utc_now() -> datetime:
    return datetime.now(UTC)
