"""A check for every text field: only characters that can be stored, shown and printed."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Form, ValidationError
from wtforms.fields import Field

from ethiek.domain.answer_rules import FORBIDDEN


class PlainText:
    """Refuse control characters and lone surrogates; they come from broken programs, not from people."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Check one field."""
        if isinstance(field.data, str) and FORBIDDEN.search(field.data.replace("\r\n", "\n")):
            raise ValidationError(
                _("This text holds characters that cannot be stored. Remove them, or paste it as plain text.")
            )
