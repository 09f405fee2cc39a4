"""The form that takes a question set from a file."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp

from ethiek.questionnaires.exchange.imported import Wishes

_NAME: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}/[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_YEAR: Final = re.compile(r"^(?:19|20|21)[0-9]{2}\Z", re.ASCII)


class ImportForm(FlaskForm):
    """A file, and what its sender knows better than the file."""

    file = FileField(
        _l("File"),
        description=_l(
            "YAML or JSON: a question set of Ethiek, an instrument of the task registry, or a definition of the "
            "Invulhulpen. At most 1 MB."
        ),
        validators=[FileRequired(_l("Choose a file."))],
    )
    name = StringField(
        _l("Call it"),
        description=_l(
            "Id and version, for example iama/1.0-bzk. Leave it empty to keep what the file says."
        ),
        validators=[Optional(), Regexp(_NAME, message=_l("Write an id, a slash and a version."))],
    )
    year = StringField(
        _l("Year of the edition"),
        description=_l("Only needed if the file has no date."),
        validators=[Optional(), Regexp(_YEAR, message=_l("Write a year in four digits."))],
    )
    language = SelectField(
        _l("Language"),
        choices=[
            SelectChoice("", _l("As the file says")),
            SelectChoice("nl", _l("Dutch")),
            SelectChoice("en", _l("English")),
        ],
        default="",
    )

    def to_wishes(self) -> Wishes:
        """What the sender knows better than the file."""
        id_, _, version = (self.name.data or "").partition("/")
        return Wishes(id_, version, self.language.data or "", int(self.year.data) if self.year.data else None)
