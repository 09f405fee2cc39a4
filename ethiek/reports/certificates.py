"""Which parties are trusted to issue seals: certificate files, as they were configured."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def trust_files(roots: Iterable[Path]) -> list[Path]:
    """Return the certificate files: those named, and those in a folder that is named."""
    inside = [
        sorted(file for file in root.iterdir() if file.is_file()) if root.is_dir() else [root]
        for root in roots
    ]
    return [file for files in inside for file in files]
