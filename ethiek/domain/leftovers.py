"""What a look at a public copy may find that its maker forgot: parts of names, addresses, telephone numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ethiek.domain.members import SHARED, Path, is_code
from ethiek.domain.passages import ADDRESS, SHORT, haystack, spans, squashed, words_of
from ethiek.domain.redactions import MARKS, Documents, Forms, Redaction, leaves

MOST: Final = 40
"""Leftovers of one kind; more are no help."""
PARTICLES: Final = frozenset(
    ("van", "der", "den", "het", "ten", "ter", "voor", "the", "von", "del", "and", "met")
)
"""Words in names and sentences that say nothing about anybody."""
TELEPHONE: Final = re.compile(r"(?<![\w.,/-])(?:\+31|0031|0)[ ().-]*\d(?:[ ().-]{0,2}\d){7,8}(?!\w)")


_Hay = Sequence[tuple[str, frozenset[str], Sequence[str]]]
"""What a text is quickly looked through by, its words, and every way in which it is printed."""


class LeftoverKind(StrEnum):
    """Why something is pointed out."""

    ELSEWHERE = "elsewhere"
    """A passage that is hidden in one place stands in another."""
    PART = "part"
    """A word of a name that is hidden everywhere."""
    FIXED = "fixed"
    """A passage that is hidden everywhere is also the day of a step, which stays."""
    ADDRESS = "address"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that is still there; ``ground``: of the redaction that made us look, or empty."""

    kind: LeftoverKind
    text: str
    places: int
    ground: str = ""


def leftovers(
    documents: Documents, redactions: Sequence[Redaction], forms: Forms = lambda text: (text,)
) -> tuple[Leftover, ...]:
    """Return what is still in documents from which the redactions were taken out already."""
    own = [
        (name, path, text)
        for name, value in documents.items()
        if name not in SHARED
        for path, text in leaves(value)
    ]
    texts = [_shown(name, path, text, forms) for name, path, text in own]
    hay = [(haystack(" ".join(shown)), frozenset(words_of(" ".join(shown))), shown) for shown in texts]
    found = [*_of_passages(hay, redactions), *_of_patterns([form for shown in texts for form in shown[:1]])]
    return tuple(one for kind in LeftoverKind for one in [row for row in found if row.kind is kind][:MOST])


def _shown(name: str, path: Path, text: str, forms: Forms) -> Sequence[str]:
    """A text in every way in which it is printed; of a code that is nothing, of a moment it is the day."""
    shown = tuple(dict.fromkeys((text, *forms(text))))
    return shown[1:] if is_code(name, path) else shown


def _of_passages(hay: _Hay, redactions: Sequence[Redaction]) -> Iterator[Leftover]:
    seen = set()
    for one in redactions:
        for kind, word in _wanted(one):
            count = _count_word if kind is LeftoverKind.PART else _count
            if squashed(word) not in seen and (places := count(hay, word)):
                seen.add(squashed(word))
                yield Leftover(kind, word, places, one.ground)


def _wanted(one: Redaction) -> Iterator[tuple[LeftoverKind, str]]:
    """The passage itself, and the words of a name."""
    if one.passage:
        yield LeftoverKind.FIXED if one.everywhere else LeftoverKind.ELSEWHERE, one.passage
    words = one.passage.split()
    if one.everywhere and 1 < len(words) <= SHORT:
        for word in words:
            plain = "".join(words_of(word))
            if word[:1].isupper() and len(plain) >= SHORT - 1 and plain not in PARTICLES:
                yield LeftoverKind.PART, word.strip(".,;:()")


def _count(hay: _Hay, passage: str) -> int:
    """In how many texts a passage stands, in one of the ways in which they are printed."""
    wanted = squashed(passage)
    return sum(any(spans(form, passage) for form in shown) for squash, _, shown in hay if wanted in squash)


def _count_word(hay: _Hay, word: str) -> int:
    """In how many texts a word stands by itself; quick, because there are many to look for."""
    wanted = squashed(word)
    return sum(wanted in words for _, words, _ in hay)


def _of_patterns(texts: Sequence[str]) -> Iterator[Leftover]:
    for kind, pattern in ((LeftoverKind.ADDRESS, ADDRESS), (LeftoverKind.TELEPHONE, TELEPHONE)):
        found = Counter(match[0] for text in texts for match in pattern.finditer(text))
        for text, places in found.items():
            if not MARKS.search(text) and (kind is LeftoverKind.TELEPHONE or "@" in text):
                yield Leftover(kind, text, places)
