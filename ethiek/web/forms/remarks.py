"""Forms with a text area at each of many places, of which one is sent at a time."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from flask import request
from flask_babel import LazyString
from flask_wtf import FlaskForm
from wtforms import HiddenField

from ethiek.domain.answers import Slot
from ethiek.errors import InputError
from ethiek.services.remarks import RemarkInput, check_body
from ethiek.web.labels import INPUT

PREFIX: Final = "body-"
WHOLE: Final = "geheel"
"""The key of the place that is no question."""

_DIGITS: Final = 6


class TextsForm(FlaskForm):
    """One form for the whole page, so that what was typed at other places comes back when one text is sent.

    ``at`` is the value of the pressed button: the key of its place. Places have a text area ``body-<key>``.
    """

    token = HiddenField(default=lambda: secrets.token_urlsafe(16))
    at = HiddenField()

    problem: LazyString | None = None
    """What is wrong with the text that was sent."""

    @property
    def texts(self) -> dict[str, str]:
        """Key -> what is typed there, without the places that are empty."""
        typed = (
            (name, text) for name, text in request.form.items() if name.startswith(PREFIX) and text.strip()
        )
        return {name.removeprefix(PREFIX): text for name, text in typed if name != self._sent}

    _sent = ""

    @property
    def body(self) -> str:
        """The text at the pressed button."""
        return str(request.form.get(f"{PREFIX}{self.at.data}", ""))

    def validate(self, extra_validators: object = None) -> bool:
        """Check token and text; other places do not matter now."""
        if not super().validate(extra_validators):
            return False
        try:
            check_body(self.body)
        except InputError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: InputError) -> None:
        """Note what is wrong with the text."""
        self.problem = INPUT[error.reason]
        self.form_errors.append(self.problem)

    def sent(self) -> None:
        """Note that the text was accepted: its text area is empty again, the others are not."""
        self._sent = f"{PREFIX}{self.at.data}"

    def token_of(self, body: str) -> str:
        """Return a token for this text at this place on this page: the same press sent twice has the same one."""
        return sha256("\n".join((self.token.data or "", self.at.data or "", body)).encode()).hexdigest()


class RemarksForm(TextsForm):
    """Remarks of the committee on a round."""

    def to_input(self) -> RemarkInput:
        """Return the plain value of a form that is valid."""
        return RemarkInput(slot_of(self.at.data), self.body, self.token_of(self.body))


class RepliesForm(TextsForm):
    """Replies of the team; the key of a place is the id of its remark."""

    back = HiddenField()
    """The round whose page the form was on; empty for the list of remarks."""

    @property
    def round_number(self) -> int | None:
        """The round to go back to; None: back to the list of remarks."""
        text = self.back.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


def key_of(slot: Slot) -> str:
    """Return the key of a slot on a page.

    >>> key_of(Slot("4.2.1", "privacy")), key_of(Slot(""))
    ('4.2.1@privacy', 'geheel')
    """
    return str(slot) or WHOLE


def slot_of(key: str) -> Slot:
    """Return the slot of a key.

    >>> slot_of("4.2.1@privacy"), slot_of("geheel")
    (Slot(question='4.2.1', item='privacy'), Slot(question='', item=''))
    """
    question, _at, item = key.partition("@")
    return Slot("" if key == WHOLE else question, item)
