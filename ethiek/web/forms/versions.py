"""Forms of moving a dossier to another version."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from ethiek.web.forms.revision import RevisionField


class MoveForm(FlaskForm):
    """The move to one version, after looking at what it does."""

    naar = HiddenField()
    revision = RevisionField()
    looked = BooleanField(
        _l("We have looked at what changes"),
        validators=[InputRequired(_l("Look at the list first, and tick this box."))],
    )
