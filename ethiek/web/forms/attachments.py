"""Forms of the attachments: add a file, take one away."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final

from flask import abort
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from ethiek.domain.answers import Slot
from ethiek.domain.attachments import FileKind
from ethiek.domain.walk import Asked
from ethiek.errors import InputError
from ethiek.services.attachments import Given
from ethiek.web.attachment_labels import REFUSED
from ethiek.web.forms.remarks import WHOLE, key_of, slot_of
from ethiek.web.forms.revision import RevisionField
from ethiek.web.question_views import label_of

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_LABEL: Final = 100
"""Characters: a list that folds out is as wide as its longest choice."""


class AttachmentForm(FlaskForm):
    """A file, what it is, and where it belongs."""

    file = FileField(
        _l("File"),
        description=_l(
            "PDF, text document, spreadsheet or presentation (ODT, ODS, ODP, DOCX, XLSX, PPTX), picture (PNG, JPEG), "
            "CSV or plain text. At most 25 MB, without macros."
        ),
    )
    description = StringField(
        _l("What is in it?"),
        description=_l("One sentence, for example: the contract with the supplier, 2026."),
    )
    place = SelectField(_l("Where does it belong?"), validate_choice=False)
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def offer(self, asked: Iterable[Asked]) -> None:
        """Fill the list of places: the whole dossier, and every question that is asked now."""
        questions = (SelectChoice(key_of(place.slot), _short(label_of(place))) for place in asked)
        self.place.choices = [SelectChoice(WHOLE, _l("The dossier as a whole")), *questions]

    def to_given(self, name: str, kind: FileKind) -> Given:
        """Return the plain values; the service says what is wrong with them."""
        token = str(self.token.data or "")
        if not token:
            abort(428)
        if not _TOKEN.fullmatch(token):
            abort(400)
        description = " ".join(str(self.description.data or "").split())
        return Given(self.slot, name, kind, description, token)

    @property
    def slot(self) -> Slot:
        """The place that was chosen."""
        return slot_of(str(self.place.data or WHOLE))

    def refuse(self, error: InputError) -> None:
        """Put what is wrong at its field."""
        self[error.field].errors = [REFUSED[error.reason]]


class RemoveAttachmentForm(FlaskForm):
    """A file to take away, from the page as it was."""

    revision = RevisionField()


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
