"""The frozen model of a question set: what is asked, in which order, of whom, and when.

A question set (NL: vragenlijst) is data, in one YAML file per version (see ``schema.json``). Ids are stable
over versions; the *official number* is the instrument's own number and may be empty: it is never invented.

A field that was added after the first sets were published is marked ``LATER``: it is left out of the canonical
form while it is empty, so that what was published before keeps its bytes and its hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LATER: Final[Mapping[str, bool]] = {"later": True}
"""Marks a field that is absent from the canonical form while it has its default."""


class Kind(StrEnum):
    """How a question is answered. All but TABLE can have an explanation (``text``) beside the choice."""

    OPEN_TEXT = "open_text"
    SHORT_TEXT = "short_text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    DATE = "date"
    NUMBER = "number"
    TABLE = "table"


YES_AND_NO: Final = ("yes", "no")
"""The options of every YES_NO question; a file does not list them."""


class Effect(StrEnum):
    """What a stop rule does: STOP and PAUSE end the questions and block submission, WARN is shown and recorded."""

    STOP = "stop"
    """The instrument says that this may not go on."""
    PAUSE = "pause"
    """The instrument says: first find this out, then go on (NL: pauze)."""
    WARN = "warn"


ENDING: Final = frozenset({Effect.STOP, Effect.PAUSE})
"""After a section in which one of these holds, nothing more is asked."""


class Test(StrEnum):
    """How a condition looks at one answer."""

    __test__ = False  # the name is not meant for pytest

    IS = "is"
    """The chosen option is (one of) ``values``."""
    HAS = "has"
    """At least one of ``values`` is among the ticked options."""
    LACKS = "lacks"
    """None of ``values`` is ticked; holds for an unanswered question."""


class Combine(StrEnum):
    """How a group of conditions is combined."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the answer to another question."""

    question: str
    test: Test
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that must hold together (ALL) or of which one must hold (ANY)."""

    combine: Combine
    members: tuple[ShowWhen, ...]


ShowWhen = Check | Group
"""When a part, section or question is shown (NL: toon als)."""


@dataclass(frozen=True, slots=True)
class Option:
    """One possible choice. ``group``: a heading over related options; ``exclusive`` rules out all others."""

    id: str
    label: str
    help: str = ""
    group: str = ""
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table question. ``kind`` is SHORT_TEXT, OPEN_TEXT, DATE or CHOICE."""

    id: str
    label: str
    kind: Kind = Kind.SHORT_TEXT
    options: tuple[Option, ...] = ()
    required: bool = False
    suggests: str = field(default="", metadata=LATER)
    """Id of a list of words to choose from, beside typing one's own; see ``questionnaires/words``."""


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What a text must keep to, for example a moral question: one sentence, no comma, at most 15 words."""

    max_words: int | None = None
    one_sentence: bool = False
    without: tuple[str, ...] = ()
    """Words and signs that may not occur, in lower case: ``hoe``, ``,``."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A legal mark at a question, as data: ``law`` "AI-verordening", ``article`` "27(1)(a)"."""

    law: str
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class StopRule:
    """If ``when`` holds, ``reason`` is shown; see :class:`Effect`."""

    when: Check
    effect: Effect
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``number`` is the official number, or empty."""

    id: str
    text: str
    kind: Kind
    number: str = ""
    why: str = ""
    """Why this is asked (collapsed on the page)."""
    help: str = ""
    """What a good answer holds; shown under the question."""
    who: tuple[str, ...] = ()
    """Role ids (``Questionnaire.roles``) that should be at the table."""
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    optional: bool = False
    explain: bool = False
    """The choice is accompanied by a text: shown as one, and required when ``explain`` is set."""
    max_items: int | None = None
    """Most ticked options or table rows; None is no limit of the instrument."""
    show_when: ShowWhen | None = None
    recalls: tuple[str, ...] = ()
    """Questions whose answers are shown again here."""
    markers: tuple[Marker, ...] = ()
    stops: tuple[StopRule, ...] = ()
    actions: bool = False
    """This table holds action points of its part."""
    note: str = ""
    """A remark about the source, for example that a number is unresolved."""
    limits: TextLimits | None = field(default=None, metadata=LATER)
    """For OPEN_TEXT and SHORT_TEXT only."""
    suggests: str = field(default="", metadata=LATER)
    """As ``Column.suggests``; for SHORT_TEXT as words to choose from, otherwise shown as a list to read."""
    source: str = field(default="", metadata=LATER)
    """Where this one question comes from, for example the urn or page it has there."""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """What may be chosen, in order; a yes/no question has "yes" and "no" of itself."""
        return YES_AND_NO if self.kind is Kind.YES_NO else tuple(option.id for option in self.options)


@dataclass(frozen=True, slots=True)
class Section:
    """A page of questions on one theme. With ``repeat_for`` it is asked once per choice made there."""

    id: str
    title: str
    questions: tuple[Question, ...]
    number: str = ""
    intro: str = ""
    show_when: ShowWhen | None = None
    repeat_for: str = ""
    """Id of a MULTI_CHOICE question; the section's questions are asked per ticked option."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A main part (IAMA: deel, DEDA: fase)."""

    id: str
    title: str
    sections: tuple[Section, ...]
    number: str = ""
    intro: str = ""
    show_when: ShowWhen | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A function at the table, for example the jurist."""

    id: str
    label: str
    core: bool = False
    """Always in the team, according to the instrument."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the instrument comes from. The wording of the questions is ours; ``wording`` says so."""

    title: str
    publisher: str
    year: int
    edition: str
    wording: str
    url: str = ""
    authors: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    """What could not be verified against the official document, in plain sentences."""


class Level(StrEnum):
    """How strongly a conclusion speaks."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from the answers when ``when`` holds (NL: uitkomst), with the reason.

    Of several with the same ``id`` the first that holds counts. ``instrument``: id of the question set that it
    points to, for example ``deda``; empty when it points to something outside Ethiek, or to nothing.
    """

    id: str
    title: str
    level: Level
    when: ShowWhen
    reason: str
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of a question set. ``id`` is the instrument, ``key`` is ``id/version``."""

    id: str
    version: str
    title: str
    short_title: str
    language: str
    choose_when: tuple[str, ...]
    """Two lines on when to choose this instrument."""
    source: Source
    roles: tuple[Role, ...]
    parts: tuple[Part, ...]
    conclusions: tuple[Conclusion, ...] = field(default=(), metadata=LATER)
    translates: str = field(default="", metadata=LATER)
    """Key of the set of which this is the edition in another language: same ids, kinds and conditions."""

    @property
    def key(self) -> str:
        """The name a dossier pins, for example ``iama/2.0``."""
        return f"{self.id}/{self.version}"

    def sections(self) -> Iterator[tuple[Part, Section]]:
        """Every section with its part, in order."""
        for part in self.parts:
            for section in part.sections:
                yield part, section

    def questions(self) -> Iterator[Question]:
        """Every question, in order."""
        for _, section in self.sections():
            yield from section.questions
