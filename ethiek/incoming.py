"""Where files of teams go, and who looks through them, as the settings say."""

from __future__ import annotations

from typing import Final

from ethiek.config import Settings
from ethiek.files.scanning import Clamd, DemoScanner, Scanner
from ethiek.files.store import FileStore

QUARANTINE: Final = "quarantine"
"""Folder inside that of the attachments."""


def files_of(settings: Settings) -> FileStore:
    """Return the folder of attachments."""
    return FileStore(settings.attachment_folder)


def quarantine_of(settings: Settings) -> FileStore:
    """Return the folder of files in which a virus was found: nothing is ever given out of it."""
    return FileStore(settings.attachment_folder / QUARANTINE)


def scanner_of(settings: Settings) -> Scanner | None:
    """Return who looks for viruses. None: nobody, so no file can be added."""
    if settings.scanner:
        return Clamd(settings.scanner)
    return DemoScanner() if settings.demo else None
