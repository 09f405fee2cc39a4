"""What changed between two texts, word by word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

MAX_TOKENS: Final = 4_000
"""Above this many words, spaces and signs (or lines) on one side, a coarser comparison is made."""

_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


class PieceKind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, with its white space and newlines."""

    kind: PieceKind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both texts, in order; SAME + ADDED make ``new``, SAME + REMOVED make ``old``.

    Long texts are compared by line, and very long ones as a whole, so that the cost stays bounded.

    >>> [(piece.kind.value, piece.text) for piece in word_diff("Wij meten fraude.", "Wij meten risico.")]
    [('same', 'Wij meten '), ('removed', 'fraude'), ('added', 'risico'), ('same', '.')]
    """
    for pattern in (_WORDS, _LINES):
        before, after = pattern.findall(old), pattern.findall(new)
        if max(len(before), len(after)) <= MAX_TOKENS:
            return _joined(_pieces(before, after))
    return _joined(_pieces([old], [new]))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after)  # its autojunk keeps common words from costing n * m
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(PieceKind.SAME, "".join(before[start:stop]))
        else:
            yield Piece(PieceKind.REMOVED, "".join(before[start:stop]))
            yield Piece(PieceKind.ADDED, "".join(after[new_start:new_stop]))


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Leave empty pieces out and join neighbours of one kind."""
    filled = (piece for piece in pieces if piece.text)
    return tuple(
        Piece(kind, "".join(piece.text for piece in group))
        for kind, group in itertools.groupby(filled, key=lambda piece: piece.kind)
    )
