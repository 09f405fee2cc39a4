"""Forms for the set itself, its parts and its sections. Texts may still be empty: the draft says what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import Kind, Part, Questionnaire, Role, Section
from ethiek.questionnaires.wording import LONGEST_HELP, LONGEST_NUMBER, LONGEST_TEXT
from ethiek.services.drafts import MAX_TITLE
from ethiek.web.forms.conditions import (
    MOST_ROWS,
    ConditionFields,
    condition_data,
    sources_for,
    to_condition,
)
from ethiek.web.forms.fingerprint import FingerprintField
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.labels import LANGUAGE

_TOO_LONG: Final = _l("Use at most %(max)d characters.")
TEXT: Final = (Length(max=LONGEST_TEXT, message=_TOO_LONG), PlainText())
NAME: Final = (Length(max=MAX_TITLE, message=_TOO_LONG), PlainText())
LONG_TEXT: Final = (Length(max=LONGEST_HELP, message=_TOO_LONG), PlainText())
NUMBER: Final = (Length(max=LONGEST_NUMBER, message=_TOO_LONG), PlainText())
ID: Final = (Length(max=40, message=_TOO_LONG), PlainText())


def words(data: str | None) -> str:
    """Return a text as it is kept: line ends of one kind, nothing around it."""
    return (data or "").replace("\r\n", "\n").strip()


class ElementForm(RefusableForm):
    """A form for one element; ``more`` is the name of a list of rows that should get another."""

    seen = FingerprintField()
    more = StringField()

    lists: tuple[str, ...] = ()

    def wants_row(self) -> bool:
        """Tell whether only another row (or the answers of a chosen question) was asked for, and give it."""
        if not self.is_submitted() or not self.more.data:
            return False
        if self.more.data in self.lists and len(self[self.more.data].entries) < MOST_ROWS:
            self[self.more.data].append_entry()
        return True


class RoleForm(InnerForm):
    """A function at the table; a row without a label does not count."""

    id = StringField(_l("Id"), validators=ID)
    label = StringField(_l("Label"), validators=NAME)
    core = BooleanField(_l("Always in the team"))


class SetForm(ElementForm):
    """What a set says of itself."""

    version = StringField(_l("Version"), validators=(InputRequired(_l("Fill in a version.")), *ID))
    title = StringField(_l("Title"), validators=NAME)
    short_title = StringField(_l("Short title"), validators=NAME)
    language = SelectField(_l("Language"), choices=[SelectChoice(*pair) for pair in LANGUAGE.items()])
    choose_first = TextAreaField(_l("When to choose it, first line"), validators=TEXT)
    choose_second = TextAreaField(_l("When to choose it, second line"), validators=TEXT)
    source_title = StringField(_l("Title of the source"), validators=TEXT)
    source_publisher = StringField(_l("Publisher"), validators=TEXT)
    source_year = IntegerField(
        _l("Year"), validators=(NumberRange(1900, 2200, _l("Give a year between 1900 and 2200.")),)
    )
    source_edition = StringField(_l("Edition"), validators=TEXT)
    source_wording = TextAreaField(_l("About the wording"), validators=TEXT)
    roles = FieldList(FormField(RoleForm), label=_l("Roles at the table"), max_entries=MOST_ROWS)

    lists = ("roles",)

    @staticmethod
    def data_of(one: Questionnaire) -> dict[str, Any]:
        """Return the data of the form for a set."""
        lines = (*one.choose_when, "", "")
        return {
            "version": one.version,
            "title": one.title,
            "short_title": one.short_title,
            "language": one.language,
            "choose_first": lines[0],
            "choose_second": lines[1],
            "source_title": one.source.title,
            "source_publisher": one.source.publisher,
            "source_year": one.source.year,
            "source_edition": one.source.edition,
            "source_wording": one.source.wording,
            "roles": [
                *({"id": role.id, "label": role.label, "core": role.core} for role in one.roles),
                {},
            ],
        }

    def offer(self, questionnaire: Questionnaire, target: Target) -> None:
        """There is nothing to choose from."""

    def to_element(self, present: Questionnaire, _within: Questionnaire) -> Questionnaire:
        """Return the set with what was filled in."""
        source = replace(
            present.source,
            title=words(self.source_title.data),
            publisher=words(self.source_publisher.data),
            year=self.source_year.data,
            edition=words(self.source_edition.data),
            wording=words(self.source_wording.data),
        )
        return replace(
            present,
            version=words(self.version.data),
            title=words(self.title.data),
            short_title=words(self.short_title.data),
            language=self.language.data,
            choose_when=(words(self.choose_first.data), words(self.choose_second.data)),
            source=source,
            roles=tuple(
                Role(
                    words(row.form.id.data) or new_id(row.form.label.data),
                    words(row.form.label.data),
                    row.form.core.data,
                )
                for row in self.roles.entries
                if words(row.form.label.data)
            ),
        )


class PartForm(ElementForm, ConditionFields):
    """A part, without its sections."""

    number = StringField(_l("Official number"), validators=NUMBER)
    title = StringField(_l("Title"), validators=TEXT)
    intro = TextAreaField(_l("Introduction"), validators=LONG_TEXT)

    lists = ("looks",)

    @staticmethod
    def data_of(one: Part) -> dict[str, Any]:
        """Return the data of the form for a part."""
        fields = {"number": one.number, "title": one.title, "intro": one.intro}
        return {**fields, **condition_data(one.show_when)}

    def offer(self, questionnaire: Questionnaire, target: Target) -> None:
        """Fill what a condition can look at."""
        self.sources = sources_for(questionnaire, target)
        for row in self.looks.entries:
            row.form.offer(self.sources)

    def to_element(self, present: Part, _within: Questionnaire) -> Part:
        """Return the part with what was filled in."""
        return replace(
            present,
            number=words(self.number.data),
            title=words(self.title.data),
            intro=words(self.intro.data),
            show_when=to_condition(self, present.show_when, self.sources),
        )


class SectionForm(PartForm):
    """A section, without its questions."""

    note = TextAreaField(_l("Note about the source"), validators=TEXT)
    repeat_for = SelectField(
        _l("Repeat this section for each chosen answer to"), validate_choice=False, default=""
    )

    @staticmethod
    def data_of(one: Section) -> dict[str, Any]:  # type: ignore[override]  # each form has its own element
        """Return the data of the form for a section."""
        fields = {"number": one.number, "title": one.title, "intro": one.intro, "note": one.note}
        return {**fields, "repeat_for": one.repeat_for, **condition_data(one.show_when)}

    def offer(self, questionnaire: Questionnaire, target: Target) -> None:
        """Fill what the section can be repeated for, and what a condition can look at."""
        super().offer(questionnaire, target)
        many = [one for one in self.sources.values() if one.kind is Kind.MULTI_CHOICE]
        self.repeat_for.choices = [
            SelectChoice("", _("Do not repeat it")),
            *(SelectChoice(one.id, f"{one.id} {one.text}") for one in many),
        ]

    def to_element(self, present: Section, _within: Questionnaire) -> Section:  # type: ignore[override]
        """Return the section with what was filled in."""
        known = {"", *self.sources}
        chosen = self.repeat_for.data or ""
        return replace(
            present,
            number=words(self.number.data),
            title=words(self.title.data),
            intro=words(self.intro.data),
            note=words(self.note.data),
            repeat_for=chosen if chosen in known else present.repeat_for,
            show_when=to_condition(self, present.show_when, self.sources),
        )


def new_id(label: str | None) -> str:
    """Return an id made of a label, for something that got none.

    >>> new_id("Gelijke behandeling!"), new_id("é")
    ('gelijke-behandeling', 'x')
    """
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in words(label).lower())
    return "-".join(filter(None, plain.split("-")))[:40].rstrip("-") or "x"
