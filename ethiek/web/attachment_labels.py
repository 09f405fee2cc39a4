"""Words about attachments: what is known about viruses, why a file is refused, and how large it is."""

from __future__ import annotations

from typing import Final

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from ethiek.domain.attachments import Scan, size_words

SCAN: Final = {
    Scan.WAITING: _l("Is being scanned for viruses"),
    Scan.NOT_SCANNED: _l("Not scanned yet: the virus scanner gives no answer. It is tried again."),
    Scan.CLEAN: _l("No viruses found"),
    Scan.INFECTED: _l("A virus was found. Nobody can open this file. Remove it."),
}

REFUSED: Final = {
    "no_file": _l("Choose a file."),
    "empty_file": _l("This file is empty."),
    "too_large": _l("This file is too large: at most 25 MB."),
    "not_accepted": _l("This kind of file is not accepted, or the file is damaged or has a password."),
    "other_content": _l("The name of this file says that it is another kind of file than it is."),
    "macros": _l("This file holds macros. Save it without macros, and try again."),
    "too_many": _l("This dossier has 100 files, and that is the most. Remove one first."),
    "dossier_full": _l("The files of this dossier would be larger than 500 MB together."),
    "no_scanner": _l("Files cannot be added here: this installation has no virus scanner."),
    "required": _l("Fill this in."),
    "too_long": _l("Use at most 300 characters."),
    "not_text": _l(
        "This text holds characters that cannot be stored. Remove them, or paste it as plain text."
    ),
    "unknown": _l("This question is not asked now. Choose another place."),
}
"""What is wrong with a file or its description, by the reason of an ``InputError``."""


def spoken_size(size: int) -> str:
    """Return a number of bytes as people say it, in the language of the page."""
    return size_words(size, "," if get_locale().language == "nl" else ".")
