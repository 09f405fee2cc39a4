"""A gathering of the team about its project (NL: bijeenkomst), and what may be recorded of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ethiek.domain.answer_rules import FORBIDDEN, MAX_LINES, MAX_SHORT, MAX_TEXT
from ethiek.domain.text_limits import count_lines
from ethiek.errors import InputError

MAX_PARTICIPANTS: Final = 100
MAX_GATHERINGS: Final = 100
"""In one dossier."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part; the role may be empty."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """What the team recorded of one gathering; ``note`` is light Markdown."""

    on: date
    title: str
    participants: tuple[Participant, ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The canonical form, as in a snapshot.

        >>> Gathering(date(2026, 3, 2), "DEDA", (Participant("Noor", "projectleider"),)).to_json()["participants"]
        [{'name': 'Noor', 'role': 'projectleider'}]
        """
        return {
            "on": self.on.isoformat(),
            "title": self.title,
            "participants": [{"name": one.name, "role": one.role} for one in self.participants],
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Gathering:
        """Read the canonical form back."""
        people = tuple(Participant(one["name"], one["role"]) for one in data["participants"])
        return cls(date.fromisoformat(data["on"]), data["title"], people, data["note"])


def participants_in(text: str) -> tuple[Participant, ...]:
    r"""Read people from lines of "name, role"; the role is what stands after the first comma.

    >>> participants_in("Noor, projectleider\n\n Yara ")
    (Participant(name='Noor', role='projectleider'), Participant(name='Yara', role=''))
    """
    lines = (line.strip() for line in _clean(text).split("\n"))
    return tuple(_participant(line) for line in lines if line.strip(" ,"))


def _participant(line: str) -> Participant:
    name, _, role = line.partition(",")
    return Participant(name.strip(), role.strip())


def lines_of(participants: tuple[Participant, ...]) -> str:
    r"""Write people as lines again.

    >>> lines_of((Participant("Noor", "projectleider"), Participant("Yara", "")))
    'Noor, projectleider\nYara'
    """
    return "\n".join(f"{one.name}, {one.role}" if one.role else one.name for one in participants)


def checked(given: Gathering, today: date) -> Gathering:
    """Return a gathering as it is kept.

    Raises:
        InputError: a field holds what cannot be recorded.
    """
    clean = Gathering(
        given.on,
        " ".join(_clean(given.title).split()),
        tuple(Participant(_clean(one.name), _clean(one.role)) for one in given.participants),
        _clean(given.note),
    )
    problem = next(_problems(clean, today), None)
    if problem is not None:
        raise InputError(*problem)
    return clean


def _problems(given: Gathering, today: date) -> Iterator[tuple[str, str]]:
    if given.on > today:
        yield "on", "future"
    if given.on.year < today.year - MAX_YEARS_AGO:
        yield "on", "long_ago"
    yield from _text("title", given.title, MAX_SHORT)
    if not given.title:
        yield "title", "required"
    if not given.participants:
        yield "participants", "required"
    if len(given.participants) > MAX_PARTICIPANTS:
        yield "participants", "too_many_people"
    if not all(one.name for one in given.participants):
        yield "participants", "no_name"
    for one in given.participants:
        yield from _text("participants", one.name, MAX_SHORT)
        yield from _text("participants", one.role, MAX_SHORT)
    yield from _text("note", given.note, MAX_TEXT)
    if count_lines(given.note) > MAX_LINES:
        yield "note", "too_many_lines"


MAX_YEARS_AGO: Final = 25
"""Before that, a year was typed wrong."""


def _text(field: str, text: str, limit: int) -> Iterator[tuple[str, str]]:
    if len(text) > limit:
        yield field, "too_long" if limit == MAX_TEXT else "over_200"
    if FORBIDDEN.search(text):
        yield field, "not_text"


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
