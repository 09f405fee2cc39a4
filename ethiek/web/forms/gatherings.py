"""The form with which a team records a gathering."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from ethiek.domain.answer_rules import MAX_SHORT, MAX_TEXT
from ethiek.domain.gatherings import Gathering, lines_of, participants_in
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT

_LONG: Final = Length(max=MAX_TEXT, message=INPUT["too_long"])


class GatheringForm(RefusableForm):
    """One gathering; ``revision`` is the version that was on the screen, 0 for a new one."""

    on = DateField(_l("Date"), validators=[InputRequired(_l("Fill in the date."))])
    title = StringField(
        _l("What was it?"),
        description=_l("For example: DEDA session, or IAMA part 1 and 2."),
        validators=[
            InputRequired(_l("Tell what it was.")),
            Length(max=MAX_SHORT, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )
    participants = TextAreaField(
        _l("Who took part?"),
        description=_l("One person on a line: name, role. For example: Yara Bos, lawyer"),
        validators=[InputRequired(_l("Name at least one person.")), _LONG, PlainText()],
    )
    note = TextAreaField(
        _l("Notes"),
        description=_l("What has to be remembered of it? It is in the report."),
        validators=[Optional(), _LONG, PlainText()],
    )
    revision = RevisionField(default=0)
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    @classmethod
    def showing(cls, given: Gathering, revision: int) -> GatheringForm:
        """Return a form that shows what was recorded."""
        return cls(
            formdata=None,
            data={
                "on": given.on,
                "title": given.title,
                "participants": lines_of(given.participants),
                "note": given.note,
                "revision": revision,
            },
        )

    def to_gathering(self) -> Gathering:
        """Return the plain value of a form that is valid."""
        people = participants_in(self.participants.data)
        return Gathering(self.on.data, self.title.data, people, self.note.data or "")

    @property
    def key(self) -> str:
        """Tokens for these texts on this page: the same press sent twice has the same one."""
        parts = (self.token.data or "", str(self.revision.data), *map(str, self._typed()))
        return sha256("\n".join(parts).encode(errors="replace")).hexdigest()

    def _typed(self) -> tuple[object, ...]:
        return self.on.data, self.title.data, self.participants.data, self.note.data


class RemoveGatheringForm(RefusableForm):
    """A gathering that is taken away."""

    revision = RevisionField()
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))
