"""Asking who somebody is once more, before a step that counts as a signature."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from ethiek import db
from ethiek.errors import InputError
from ethiek.services import throttle, users
from ethiek.web import security


class TooManyTries(Exception):  # noqa: N818  # a refusal of this page, not an error of the application
    """This account has to wait. ``seconds``: how long; ``message``: what the page says."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.message = _(
            "Too many attempts. Wait %(minutes)s minutes and try again.", minutes=seconds // 60 + 1
        )


def confirm(password: str) -> bool:
    """Tell whether this is the password of who makes this request; every try counts, as it does for signing in.

    Raises:
        TooManyTries: there were too many, so the password was not looked at.
    """
    limits = throttle.sign_in_limits(current_user.account.email, security.origin())
    with db.own_transaction() as session:
        counted = throttle.attempt(session, limits, security.now())
    if not counted.allowed:
        raise TooManyTries(counted.retry_after)
    fits = _fits(password)
    if fits:
        with db.own_transaction() as session:
            throttle.succeeded(session, limits, security.now())
    return fits


def _fits(password: str) -> bool:
    with db.reading() as session:
        try:
            return users.confirm_password(session, security.current_actor(), password)
        except InputError:  # it cannot be anybody's
            return False
