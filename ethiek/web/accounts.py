"""Signing in and out, the own account, the language."""

from __future__ import annotations

from http import HTTPStatus

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.services import audit, sessions, throttle, users
from ethiek.services.users import Account
from ethiek.web import seal_notice, security
from ethiek.web.forms.accounts import LoginForm
from ethiek.web.security import CurrentUser, current_id, requires
from ethiek.web.texts import LOCALES

bp = Blueprint("accounts", __name__)


@bp.route("/inloggen", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Sign in; afterwards go where the user was going."""
    form = LoginForm()
    target = security.local_path(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target, 303)
    if not form.validate_on_submit():
        return _login_page(form, 422 if form.errors else 200)
    limits = throttle.sign_in_limits(form.email.data.strip().lower(), security.origin())
    with db.transaction() as writer:
        verdict = throttle.attempt(writer, limits, security.now())
    if not verdict.allowed:
        return _too_many(form, verdict.retry_after)
    account = _check(form)
    if account is None:
        with db.transaction() as writer:
            users.note_refused_sign_in(writer, security.now(), security.origin())
        form.form_errors.append(
            _("E-mail address and password do not belong together, or the account is disabled.")
        )
        return _login_page(form, 422)
    _begin_session(account, limits)
    return redirect(target, 303)


def _login_page(form: LoginForm, status: int) -> tuple[str, int]:
    demo = current_app.extensions.get("demo_accounts", ())
    return render_template("accounts/login.html", form=form, demo_accounts=demo), status


def _too_many(form: LoginForm, wait: int) -> ResponseReturnValue:
    form.form_errors.append(
        _("Too many attempts. Wait %(minutes)s minutes and try again.", minutes=wait // 60 + 1)
    )
    page, status = _login_page(form, HTTPStatus.TOO_MANY_REQUESTS)
    return page, status, {"Retry-After": str(wait)}


def _check(form: LoginForm) -> Account | None:
    with db.reading() as reader:
        try:
            return users.sign_in(reader, form.email.data, form.password.data)
        except InputError:
            abort(400)


def _begin_session(account: Account, limits: tuple[throttle.Limit, ...]) -> None:
    """Begin anew: nothing of the session before signing in counts any more, and it gets another id."""
    session.clear()
    login_user(CurrentUser(account))
    with db.transaction() as writer:
        throttle.succeeded(writer, limits, security.now())
        users.note_sign_in(writer, account.actor, security.now(), security.origin())


@bp.post("/uitloggen")
@requires(Permission.ACCOUNT_USE)
def logout() -> ResponseReturnValue:
    """Sign out; the session row is gone, so a copied cookie is worth nothing."""
    with db.transaction() as writer:
        audit.record(writer, security.stamp(), "sign_out", audit.Subject("user", str(current_id())))
    logout_user()
    session.clear()
    response = redirect(url_for(".login"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@bp.get("/account")
@requires(Permission.ACCOUNT_USE)
def own() -> ResponseReturnValue:
    """Show the own account: roles, and where it is signed in."""
    with db.reading() as reader:
        rows = sessions.of_user(reader, current_id(), security.now())
        return render_template(
            "accounts/own.html",
            account=current_user.account,
            sessions=rows,
            seal_notice=seal_notice.current(),
        )


@bp.post("/account/sessies/beeindigen")
@requires(Permission.ACCOUNT_USE)
def end_sessions() -> ResponseReturnValue:
    """End every session of the own account, this one included."""
    with db.transaction() as writer:
        sessions.end_all(writer, current_id())
        audit.record(writer, security.stamp(), "end_sessions", audit.Subject("user", str(current_id())))
    logout_user()
    session.clear()
    flash(_("All your sessions have been ended."), "success")
    return redirect(url_for(".login"), 303)


@bp.post("/taal")
def language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    chosen = request.form.get("locale")
    if chosen not in LOCALES:
        abort(400)
    session["locale"] = chosen
    if current_user.is_authenticated:
        with db.transaction() as writer:
            users.set_locale(writer, current_id(), chosen)
    return redirect(security.local_path(request.form.get("next")), 303)


@bp.get("/csrf")
@requires(Permission.ACCOUNT_USE)
def token() -> ResponseReturnValue:
    """Give a script of ours the token of the present session, after signing in again in another tab."""
    return jsonify(csrf=generate_csrf())
