"""A check for every text field: only characters that can be stored, shown and printed."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import gettext as _
from wtforms import Form, ValidationError
from wtforms.fields import Field

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class PlainText:
    """Refuse control characters and lone surrogates; they come from broken programs, not from people."""

    def __call__(self, form: Form, field: Field) -> None:
        """Check one field."""
        if isinstance(field.data, str) and _FORBIDDEN.search(field.data):
            raise ValidationError(_("This text holds characters that cannot be stored. Remove them, or paste it as plain text."))
