"""Asking who somebody is once more, before a step that counts as a signature."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields import Field

from ethiek import db
from ethiek.errors import InputError
from ethiek.services import throttle, users
from ethiek.web import security


def refusal(field: Field) -> tuple[int, dict[str, str]] | None:
    """Look whether a field holds the password of who makes this request; every try counts, as for signing in.

    Returns:
        None if it does; else status and headers of the answer, with the reason at the field.
    """
    limits = throttle.sign_in_limits(current_user.account.email, security.origin())
    with db.own_transaction() as session:
        counted = throttle.attempt(session, limits, security.now())
    wait = counted.retry_after
    if not counted.allowed:  # the password is not looked at
        field.errors = [
            _("Too many attempts. Wait %(minutes)s minutes and try again.", minutes=wait // 60 + 1)
        ]
        return 429, {"Retry-After": str(wait)}
    if not _fits(field.data):
        field.errors = [_("This is not your password.")]
        return 422, {}
    with db.own_transaction() as session:
        throttle.succeeded(session, limits, security.now())
    return None


def _fits(password: str) -> bool:
    with db.reading() as session:
        try:
            return users.confirm_password(session, security.current_actor(), password)
        except InputError:  # it cannot be anybody's
            return False
