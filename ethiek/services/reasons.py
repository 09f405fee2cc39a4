"""The reason that somebody gives for a step: a short text, that can be stored and printed."""

from __future__ import annotations

from typing import Final

from ethiek.domain.answer_rules import FORBIDDEN, MAX_CELL_LINES
from ethiek.domain.text_limits import count_lines
from ethiek.errors import InputError

MAX_REASON: Final = 2000
"""Characters."""


def checked_reason(text: str, field: str = "reason") -> str:
    """Return a reason as it is kept.

    Raises:
        InputError: it is empty, too long, of too many lines, or no text; ``field`` says where.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError(field, "required")
    if len(text) > MAX_REASON:
        raise InputError(field, "too_long")
    if count_lines(text) > MAX_CELL_LINES:
        raise InputError(field, "over_100_lines")
    if FORBIDDEN.search(text):
        raise InputError(field, "not_text")
    return text
