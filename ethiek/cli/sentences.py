"""From errors to one sentence each, for standard error."""

from __future__ import annotations

from typing import Final

import click

from ethiek.errors import (
    ConfigurationError,
    EthiekError,
    InputError,
    NotFoundError,
    RenderError,
    ServiceUnavailableError,
    SigningError,
)


class Refused(click.ClickException):
    """Wrongly used, or not configured: exit code 2."""

    exit_code = 2


class CheckFailed(click.ClickException):
    """A check found something: exit code 1."""

    exit_code = 1


INPUT: Final = {
    "required": "must be filled in",
    "empty": "must be filled in",
    "invalid": "is not valid",
    "taken": "is in use already",
    "too_short": "must have at least 15 characters",
    "too_long": "is too long",
    "too_low": "must be 1 or more",
    "not_text": "holds characters that cannot be stored",
    "exclude_each_other": "exclude each other: an auditor or administrator has no other role",
    "last_administrator": "belongs to the last active administrator; make another one first",
}
"""What is wrong with an input, by the reason of an ``InputError``."""


def sentence(error: EthiekError) -> str:
    """Return what an error says to somebody at a terminal."""
    match error:
        case InputError(field=field, reason=reason):
            return f"{field} {INPUT.get(reason, reason)}."
        case NotFoundError():
            return f"{' '.join(map(str, error.args)) or 'This'} does not exist."
        case ConfigurationError(setting=setting, reason=reason):
            return f"{setting} {reason}."
        case ServiceUnavailableError(reason=reason):
            return f"The database does not answer: {reason}."
        case SigningError(reason=reason) | RenderError(reason=reason):
            return f"There is no signed report: {reason}."
        case _:
            return f"{error}."


def bug(error: Exception) -> str:
    """Say that it is our mistake, and where; the text of a foreign error may hold anything, so it stays out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
    return f"This is a mistake in Ethiek: {type(error).__name__} at {place}."
