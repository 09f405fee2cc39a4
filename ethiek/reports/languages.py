"""In which languages a report can be printed, and which one a dossier gets."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

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
