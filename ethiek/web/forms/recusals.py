"""Forms with which somebody of the committee withdraws from a dossier, and with which that is undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from ethiek.services.reasons import MAX_REASON
from ethiek.web.forms.dossiers import Named
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField

_REASON: Final = (
    InputRequired(_l("Give a reason.")),
    Length(max=MAX_REASON, message=_l("Use at most %(max)d characters.")),
    PlainText(),
)


class RecusalForm(RefusableForm):
    """Why the user withdraws."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l(
            "For example: “I work for the supplier one day a week.” Your name and this reason are in the report."
        ),
        validators=_REASON,
    )
    revision = RevisionField()


class OtherRecusalForm(RefusableForm):
    """Who withdraws, and why; filled in by the secretary."""

    person = SelectField(_l("Who withdraws?"), validators=[InputRequired(_l("Choose a person."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The name of this person and this reason are in the report."),
        validators=_REASON,
    )
    revision = RevisionField()

    def offer(self, people: Iterable[Named]) -> None:
        """Fill the people to choose from."""
        self.person.choices = [("", _l("Choose")), *((str(one.id), one.name) for one in people)]

    @property
    def person_id(self) -> UUID:
        """The chosen person, of a form that is valid."""
        return UUID(self.person.data)


class UndoRecusalForm(RefusableForm):
    """Why somebody takes part again after all."""

    reason = TextAreaField(
        _l("Why does this person take part again?"),
        description=_l("The committee can read it. It stays on record."),
        validators=_REASON,
    )
    revision = RevisionField()
