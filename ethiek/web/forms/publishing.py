"""Forms with which is marked what a public copy leaves out, and with which it is proposed and adopted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from ethiek.domain.grounds import GROUNDS
from ethiek.domain.redactions import LONGEST, Redaction
from ethiek.services.public_texts import Entry, Table
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.publishing_labels import where
from ethiek.web.publishing_views import unmarked

SHORTENED: Final = 60
_LONGEST: Final = Length(max=LONGEST, message=_l("Use at most %(max)d characters."))


class _GroundField(SelectField):
    """The grounds of the Woo, in the language of the page; the one that is needed most is chosen."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(_l("Ground in the Woo"), choices=_grounds, **kwargs)


def _grounds() -> list[SelectChoice]:
    language = str(get_locale())
    told = ((ground.code, ground.told(language)) for ground in GROUNDS)
    return [SelectChoice(code, f"{code} – {one.name}") for code, one in told]


class EverywhereForm(RefusableForm):
    """A passage that is left out wherever it stands. ``sha256``: of the advice that was on the screen."""

    passage = StringField(
        _l("Name or passage"),
        description=_l("It is left out everywhere, in the words of people and in lists and headings."),
        validators=[InputRequired(_l("Fill this in.")), _LONGEST, PlainText()],
        id="everywhere",
    )
    ground = _GroundField(id="everywhere-ground")
    sha256 = HiddenField(validators=[InputRequired()], id="everywhere-sha256")

    def to_redaction(self) -> Redaction:
        """Return the plain value of a form that is valid."""
        return Redaction(self.ground.data, passage=self.passage.data.strip())


class PlaceForm(RefusableForm):
    """A text, a passage in it, an item of a list, or a piece of a table."""

    document = HiddenField(validators=[InputRequired()])
    part = SelectField(_l("What"), choices=[], validate_choice=False)
    passage = TextAreaField(
        _l("Only this passage"),
        description=_l("Copy it from the text. Leave this empty to leave out all of it."),
        validators=[_LONGEST, PlainText()],
    )
    ground = _GroundField()
    sha256 = HiddenField(validators=[InputRequired()])

    def offer(self, entry: Entry) -> None:
        """Fill in where the form stands, and what can be left out there."""
        self.document.data = entry.document
        self.part.choices = list(_parts_of(entry))

    def to_redaction(self) -> Redaction:
        """Return the plain value of a form that is valid."""
        passage = (self.passage.data or "").strip()
        return Redaction(self.ground.data, self.document.data, self.part.data or "", passage)


def _parts_of(entry: Entry) -> Iterator[SelectChoice]:
    yield SelectChoice(entry.pointer, _("All of this"))
    if len(entry.leaves) > 1 or entry.table:
        for leaf in entry.leaves:
            name = where(leaf.names) or where(entry.names)
            yield SelectChoice(leaf.pointer, f"{name}: {_short(leaf.text)}")
    if entry.table:
        yield from _parts_of_table(entry.table)


def _parts_of_table(table: Table) -> Iterator[SelectChoice]:
    for number in range(1, len(table.rows) + 1):
        yield SelectChoice(f"{table.pointer}/{number - 1}", _("Row %(number)s", number=number))
    for column, label in zip(table.columns, table.labels, strict=True):
        yield SelectChoice(f"{table.pointer}/*/{column}", _("Column %(name)s", name=unmarked(label)))
    if table.offers_cells:
        for number, row in enumerate(table.rows, 1):
            for label, leaf in zip(table.labels, row, strict=True):
                yield SelectChoice(
                    leaf.pointer, _("Row %(number)s, %(name)s", number=number, name=unmarked(label))
                )


def _short(text: str) -> str:
    line = " ".join(unmarked(text).split())
    return line if len(line) <= SHORTENED else f"{line[: SHORTENED - 1]}…"


class TakeBackForm(RefusableForm):
    """Taking a redaction back."""

    sha256 = HiddenField(validators=[InputRequired()])


class CopyForm(RefusableForm):
    """Laying a copy before the chair, or adopting it. ``sha256``: of the redactions that were on the screen."""

    sha256 = HiddenField(validators=[InputRequired()])
