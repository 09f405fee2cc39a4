"""Deny by default: every view declares a permission, every answer carries the headers, every form its token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, abort, current_app, jsonify, redirect, request, url_for
from flask import session as current_session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from ethiek.domain.actors import Actor, Stamp
from ethiek.domain.permissions import ORGANISATION_WIDE, Permission, allows, require
from ethiek.errors import ConfigurationError, InputError, NotFoundError, PermissionDeniedError
from ethiek.services.users import Account

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

PUBLIC: Final = frozenset(
    {
        "static",
        "accounts.login",
        "accounts.language",
        "pages.accessibility",
        "pages.privacy",
        "pages.health",
        "verification.upload",
        "verification.show",
        "verification.status",
    }
)
"""The views that need no account. Everything else declares a permission."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
"""What a body can be; a page of another site can send text/plain without being asked."""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

csrf = CSRFProtect()
login_manager = LoginManager()


class CurrentUser:
    """The account behind a request, in the shape that Flask-Login asks for."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self.actor = account.actor
        self.name = account.actor.name

    def get_id(self) -> str:
        """The id that the session keeps."""
        return str(self.actor.user_id)


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a view asks for; see ``domain.permissions``."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by _guard
        return view

    return declare


def accepts_file(field: str, at_most: int) -> Callable[[View], View]:
    """Declare that a view takes one file, in this field of its form; ``at_most``: bytes of the whole request."""

    def declare(view: View) -> View:
        view.upload = (field, at_most)  # type: ignore[attr-defined]  # read by _refuse_foreign_body
        return view

    return declare


def sent_file(field: str, at_most: int) -> tuple[str, bytes]:
    """Return name and bytes of the file that was sent; one byte more than ``at_most`` tells that it is too large.

    A large one was on disk while it came in; after this it is gone.

    Raises:
        InputError: there is none; at the field.
    """
    file = request.files.get(field)
    if file is None or not file.filename:
        raise InputError(field, "no_file")
    with file.stream as stream:
        return file.filename, stream.read(at_most + 1)


def current_actor() -> Actor:
    """Return who makes this request."""
    actor: Actor = current_user.actor
    return actor


def current_id() -> UUID:
    """Return the id of who makes this request."""
    return UUID(current_user.get_id())


def stamp(seen: int | None = None) -> Stamp:
    """Return the stamp of a change made by this request."""
    return Stamp(current_actor(), now(), seen, origin())


def now() -> datetime:
    """Return the present moment, by the application's clock."""
    clock: Callable[[], datetime] = current_app.extensions.get("clock", _clock)
    return clock()


def _clock() -> datetime:
    return datetime.now(UTC)


def origin() -> str:
    """Return where the request came from, as far as the configured proxies tell."""
    return request.remote_addr or "unknown"


def init_app(app: Flask) -> None:
    """Switch on sign-in, tokens, permissions and headers."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions are rows of ours, with ids of 256 bits
    login_manager.user_loader(_load_user)
    app.before_request(_refuse_foreign_body)
    csrf.init_app(app)
    app.before_request(_guard)
    app.after_request(_add_headers)


def check_routes(app: Flask) -> None:
    """Pass if every route declares what it asks for.

    Raises:
        ConfigurationError: a route is neither public nor has a permission.
    """
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint not in PUBLIC and not hasattr(view, "permission"):
            raise ConfigurationError(rule.endpoint, "declares no permission")


def _load_user(user_id: str) -> CurrentUser | None:
    account: Account | None = current_session.account  # type: ignore[attr-defined]  # of RowSession
    return CurrentUser(account) if account and str(account.actor.user_id) == user_id else None


def _refuse_foreign_body() -> None:
    """Let no body through that is not a form of ours: from this site, of a known and reasonable size."""
    if request.method in SAFE_METHODS:
        return
    # Origin would be "null" by our own referrer policy; this the browser says of itself
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(HTTPStatus.FORBIDDEN)
    if "Transfer-Encoding" in request.headers:
        abort(HTTPStatus.LENGTH_REQUIRED)
    if request.content_length and request.mimetype not in FORM_TYPES:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    field, at_most = _upload()
    if field:
        request.max_content_length = at_most
    if field and (request.content_length or 0) > at_most:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    fields = sum(map(len, request.form.listvalues()))
    if fields > current_app.config["MAX_FORM_PARTS"]:  # Werkzeug counts those of multipart only
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if [name for name, _ in request.files.items(multi=True)] not in ([], [field]):
        abort(HTTPStatus.BAD_REQUEST)


def _upload() -> tuple[str, int]:
    """Return which file the asked view takes, and how large; mostly none."""
    view = current_app.view_functions.get(request.endpoint or "")
    upload: tuple[str, int] = getattr(view, "upload", ("", 0))
    return upload


def _guard() -> ResponseReturnValue | None:
    """Let nobody through to a view that is not theirs."""
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    view = current_app.view_functions[request.endpoint]
    if not current_user.is_authenticated:
        return unauthenticated()
    permission: Permission | None = getattr(view, "permission", None)
    if permission is None:
        raise PermissionDeniedError(request.endpoint)
    if permission in ORGANISATION_WIDE - {
        Permission.ACCOUNT_USE
    }:  # who has an account uses it, also without a role
        require(current_actor().all_roles, permission)
    return None


def unauthenticated() -> ResponseReturnValue:
    """Ask to sign in; a script gets the address to do so."""
    if wants_json():
        return jsonify(login_url=url_for("accounts.login")), 401
    target = request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"
    return redirect(url_for("accounts.login", next=target), 303)


def wants_json() -> bool:
    """Tell whether a script of ours is asking."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def local_path(target: str | None) -> str:
    """Return ``target`` if it is a path on this site, else the home page.

    >>> local_path("/dossiers?x=1"), local_path("//evil.example"), local_path("https:evil"), local_path("/%5Cevil")
    ('/dossiers?x=1', '/', '/', '/')
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\", "/%")):
        return "/"
    parts = urlsplit(target)
    printable = all(" " < character < "\x7f" for character in target) and "\\" not in target
    return target if printable and not parts.scheme and not parts.netloc else "/"


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if request.endpoint == "static" and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def may(permission: str) -> bool:
    """Tell a template whether the user has a permission in the organisation; in a dossier, ask its ``Access``."""
    return current_user.is_authenticated and allows(current_actor().all_roles, Permission(permission))


def uuid_of(text: str) -> UUID:
    """Read an id from a form or address; nonsense is something that does not exist."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None
