"""What is left out of a public copy (NL: lakken): where it stands, why, and the documents without it.

A redaction works on the parsed documents, before anything is laid out, so that whatever is derived from them lacks it
too. In its place stands one character that nobody can type as such: :func:`mark_of`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ethiek.domain.grounds import BY_CODE, GROUNDS
from ethiek.domain.members import SHARED, Path, goes_along, is_code
from ethiek.domain.passages import LEAST, haystack, hidden, spans, squashed
from ethiek.errors import InputError

Documents = Mapping[str, Any]
"""Name (snapshot, advice, …) -> parsed JSON."""
Forms = Callable[[str], tuple[str, ...]]
"""From a text to every way in which it may be printed."""

LONGEST: Final = 2000
"""Characters of a passage."""
FIRST_MARK: Final = 0xFDD0
NUMBER_OF_MARKS: Final = 32
"""Code points that Unicode reserves for use inside a program (never for exchange)."""
MARKS: Final = re.compile("[\ufdd0-\ufdef]")


@dataclass(frozen=True, slots=True)
class Redaction:
    """One thing to leave out, and the ground for it.

    ``document`` and ``pointer`` (RFC 6901, with ``*`` for any item of a list) say where; without a document it is
    everywhere. Without a ``passage`` it is all text in that place.
    """

    ground: str
    document: str = ""
    pointer: str = ""
    passage: str = ""

    @property
    def everywhere(self) -> bool:
        """It is looked for in all documents."""
        return not self.document


@dataclass(frozen=True, slots=True)
class Redacted:
    """Documents without what was left out. ``hits``: places per redaction, in the order in which they were given."""

    documents: dict[str, Any]
    hits: tuple[int, ...]

    def boxes(self) -> dict[str, int]:
        """Return how many places there are per ground, in the order of the grounds; shared documents do not count."""
        own = (value for name, value in self.documents.items() if name not in SHARED)
        found = Counter(mark for value in own for text in texts_in(value) for mark in MARKS.findall(text))
        return {ground.code: found[mark_of(ground.code)] for ground in GROUNDS if found[mark_of(ground.code)]}


def mark_of(ground: str) -> str:
    """Return the character that stands for something left out on this ground."""
    return chr(FIRST_MARK + GROUNDS.index(BY_CODE[ground]))


def ground_of(mark: str) -> str:
    """Return the ground for which a character stands.

    >>> ground_of(mark_of("5.2"))
    '5.2'
    """
    return GROUNDS[ord(mark) - FIRST_MARK].code


def named_marks(text: str) -> str:
    """Return a text in which those characters, if somebody got them in, are shown by their number."""
    return MARKS.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def check_redaction(given: Redaction) -> None:
    """Pass if this can be looked for.

    Raises:
        InputError: the ground does not exist, or the passage is too short or too long.
    """
    if given.ground not in BY_CODE:
        raise InputError("ground", "unknown")
    if len(given.passage) > LONGEST:
        raise InputError("passage", "too_long")
    if (given.passage or given.everywhere) and len(squashed(given.passage)) < LEAST:
        raise InputError("passage", "too_few_letters")


def redact(
    documents: Documents, redactions: Sequence[Redaction], forms: Forms = lambda text: (text,)
) -> Redacted:
    """Return the documents without what the redactions name, and how often each of them was met.

    Args:
        forms: every way in which a text may be printed; if a passage is in one of them, the whole text goes.
    """
    work = _Work(_ordered(redactions), forms)
    done = {name: work.document(name, value) for name, value in documents.items()}
    return Redacted(done, tuple(work.hits[one] for one in redactions))


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    yield from (text for _, text in leaves(value))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text in a JSON value, with the names and numbers that lead to it.

    >>> list(leaves({"team": [{"name": "Noor"}], "round": 2}))
    [(('team', 0, 'name'), 'Noor')]
    """
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for member, inner in value.items():
            yield from leaves(inner, (*path, member))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))


def pointer_of(path: Path) -> str:
    """Return a path as a JSON pointer (RFC 6901).

    >>> pointer_of(("answers", 3, "answer", "a/b"))
    '/answers/3/answer/a~1b'
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _ordered(redactions: Sequence[Redaction]) -> list[Redaction]:
    """Whole places first, then the longest passage: "Jan Jansen" goes before "Jan" finds half of it."""
    return sorted(dict.fromkeys(redactions), key=lambda one: (bool(one.passage), -len(squashed(one.passage))))


_Wanted = tuple[Redaction, str, str]
"""A redaction, its mark, and its passage squashed."""


class _Work:
    """Walks through documents once, and counts."""

    def __init__(self, redactions: Sequence[Redaction], forms: Forms) -> None:
        self.redactions = [(one, mark_of(one.ground), squashed(one.passage)) for one in redactions]
        self.forms = forms
        self.hits: Counter[Redaction] = Counter()

    def document(self, name: str, value: Any) -> Any:
        here = [one for one in self.redactions if one[0].document in {"", name}]
        return self.value(value, name, (), here)

    def value(self, value: Any, name: str, path: Path, here: list[_Wanted]) -> Any:
        if isinstance(value, str):
            return self.text(value, name, path, [one for one in here if _covers(one[0].pointer, path)])
        if isinstance(value, Mapping):
            return {member: self.value(inner, name, (*path, member), here) for member, inner in value.items()}
        if isinstance(value, Sequence):
            return [self.value(inner, name, (*path, index), here) for index, inner in enumerate(value)]
        return value

    def text(self, text: str, name: str, path: Path, here: list[_Wanted]) -> str:
        code = is_code(name, path)
        if text and (not code or goes_along(name, path)):
            for one, mark, _ in here:
                if not one.passage:
                    self.hits[one] += 1
                    return mark
        return text if code else self.without(named_marks(text), here)

    def without(self, text: str, here: list[_Wanted]) -> str:
        hay = haystack(text)
        for one, mark, wanted in here:
            if wanted in hay:
                text, times = hidden(text, one.passage, mark)
                self.hits[one] += times
            if any(spans(form, one.passage) for form in self.forms(text) if form != text):
                self.hits[one] += 1
                return mark
        return text


def _covers(pointer: str, path: Path) -> bool:
    """Whether a place is the one that a pointer names, or inside it."""
    steps = pointer.split("/")[1:]
    return len(steps) <= len(path) and all(
        wanted in ("*", str(step).replace("~", "~0").replace("/", "~1"))
        for wanted, step in zip(steps, path, strict=False)
    )
