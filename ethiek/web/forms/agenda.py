"""The agenda of a meeting: which dossiers, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, FormField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ethiek.errors import InputError
from ethiek.reports.values import date_words
from ethiek.services.concepts import MOST_IN_A_BUNDLE, MOST_TO_DISCUSS
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.labels import INPUT
from ethiek.web.security import uuid_of


class AgendaRow(InnerForm):
    """A dossier and its place; without a place it is not discussed."""

    dossier = HiddenField()
    place = IntegerField(
        _l("Place on the agenda"),
        validators=[Optional(), NumberRange(1, 99, _l("Use a number from 1 to 99."))],
    )


class AgendaForm(FlaskForm):
    """What is printed for a meeting."""

    title = StringField(
        _l("Title"),
        description=_l("It stands on the first page."),
        validators=[
            InputRequired(_l("Fill this in.")),
            Length(max=120, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )
    on = DateField(_l("Date of the meeting"), validators=[Optional()])
    rows = FieldList(FormField(AgendaRow), label=_l("Dossiers"), max_entries=MOST_TO_DISCUSS)

    def offer(self, dossiers: Sequence[UUID]) -> None:
        """List what can be discussed, the first ten with a place; what was sent stays as it was typed."""
        if self.is_submitted():
            return
        while self.rows.entries:
            self.rows.pop_entry()
        for number, dossier_id in enumerate(dossiers, 1):
            place = number if number <= MOST_IN_A_BUNDLE else None
            self.rows.append_entry({"dossier": str(dossier_id), "place": place})

    def chosen(self) -> list[UUID]:
        """Return the dossiers with a place, in that order; of two with the same place the upper one first."""
        rows = [entry.form for entry in self.rows.entries if entry.form.place.data is not None]
        return [uuid_of(row.dossier.data or "") for row in sorted(rows, key=lambda row: row.place.data)]

    @property
    def heading(self) -> str:
        """The title with the date, as printed; in Dutch, as the papers are."""
        title = self.title.data.strip()
        return f"{title}, {date_words(self.on.data.isoformat())}" if self.on.data else title

    @property
    def file_name(self) -> str:
        """The name of the file, by the date of the meeting."""
        day = f"-{self.on.data.isoformat()}" if self.on.data else ""
        return f"vergaderstukken{day}.pdf"

    def refuse(self, error: InputError) -> None:
        """Put what a service refused at its field."""
        field = self[error.field]
        field.errors = [*field.errors, INPUT[error.reason]]
