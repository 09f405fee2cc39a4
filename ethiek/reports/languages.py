"""In which languages a report can be printed, and which one a dossier gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from ethiek.reports.words import Words
from ethiek.reports.words_en import EN
from ethiek.reports.words_nl import NL

WORDS: Final = MappingProxyType({"nl": NL, "en": EN})
DEFAULT: Final = "nl"


def printed_language(language: str) -> str:
    """The language of a report on a question set in this language; Dutch for one that reports do not speak.

    >>> printed_language("en"), printed_language("fy")
    ('en', 'nl')
    """
    return language if language in WORDS else DEFAULT


def labelled(labels: Iterable[str]) -> str:
    """A pattern for a SHA-256 behind one of these labels, as printed on page 1.

    >>> re.findall(labelled(["A (1):", "B:"]), f"A (1): {'0a' * 32} C: {'1b' * 32}") == ["0a" * 32]
    True
    """
    return rf"(?:{'|'.join(map(re.escape, labels))})\s*([0-9a-f]{{64}})\b"
