"""Ids as our schema wants them, made from whatever a file has."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_VALID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 40


def made_valid(text: str) -> str:
    """Return an id that is as much like the text as can be.

    >>> made_valid("2.2A.1"), made_valid("Gemandateerd verantwoordelijke(n)"), made_valid("…")
    ('2.2A.1', 'gemandateerd-verantwoordelijke-n', 'x')
    """
    if _VALID.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("._-")[:_LONGEST].rstrip("._-") or "x"


class Ids:
    """Gives out ids, each once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, text: str) -> str:
        """Return a valid id that was not given before."""
        wanted = made_valid(text)
        given, number = wanted, 1
        while given in self._given:
            number += 1
            ending = f"-{number}"
            given = wanted[: _LONGEST - len(ending)] + ending
        self._given.add(given)
        return given
