"""Forms of filling in from elsewhere: choose a file, and carry out what was shown."""

from __future__ import annotations

import base64
import binascii

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField

from ethiek.errors import InputError
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT


class FileForm(FlaskForm):
    """An answers file."""

    file = FileField(
        _l("Answers file"),
        description=_l("A JSON file that you saved in the Invulhulpen, or here. At most 2 MB."),
    )

    def refuse(self, error: InputError) -> None:
        """Put what is wrong with the file at its field."""
        self.file.errors = [INPUT[error.reason]]


class CarryForm(FlaskForm):
    """Filling in from another dossier, as it was shown."""

    revision = RevisionField()


class CarryFileForm(CarryForm):
    """Filling in from a file, as it was shown; the page keeps the file, because the server does not."""

    name = HiddenField()
    content = HiddenField()

    def keep(self, name: str, data: bytes) -> None:
        """Put the file in the page."""
        self.name.data, self.content.data = name, base64.b64encode(data).decode()

    def kept(self) -> tuple[str, bytes]:
        """Return name and bytes of the file.

        Raises:
            InputError: the page did not send what we put there.
        """
        try:
            return str(self.name.data or ""), base64.b64decode(str(self.content.data or ""), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError("file", "not_json") from error
