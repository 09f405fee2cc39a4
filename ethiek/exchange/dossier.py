"""A dossier as it is taken along: everything a reader will find, in order, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ethiek.domain.gatherings import Gathering
from ethiek.reports.conclusions import Concluded
from ethiek.reports.model import Instrument
from ethiek.reports.source import Json
from ethiek.reports.values import Table, Value


class State(StrEnum):
    """Which form of the dossier was taken along."""

    DRAFT = "draft"
    """The work in progress: unanswered questions are in it, and are named as such."""
    SUBMITTED = "submitted"
    """What was handed in for a round."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the dossier is about. ``submitted_at`` (ISO 8601, in UTC) and ``submitted_by`` are empty in a draft."""

    reference: str
    title: str
    purpose: str
    unit: str
    committee: str
    kind: str
    phase: str
    team: tuple[tuple[str, str], ...]
    """Name and role of each member."""
    round: int
    """The round that was handed in; in a draft how often it was handed in before."""
    submitted_at: str
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the team to a remark. ``at`` is a moment in ISO 8601, in UTC."""

    by: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A released remark of the committee. ``about`` names its question where it does not stand at it."""

    round: int
    about: str
    by: str
    text: str
    at: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Where an answer came from that the team has not confirmed yet (NL: nog te bevestigen).

    ``question``: number and text of the question that it answered there; ``at``: when it was written there.
    """

    origin: str
    question: str
    at: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question, with its answer if it has one. ``answer`` is the canonical form, ``value`` the printable."""

    question: str
    item: str
    number: str
    text: str
    kind: str
    who: tuple[str, ...]
    help: str
    optional: bool
    answer: Json
    value: Value
    warnings: tuple[str, ...]
    remarks: tuple[Remark, ...]
    to_confirm: ToConfirm | None
    """None: there is nothing to confirm."""

    @property
    def considerations(self) -> str:
        """The considerations and choices behind the answer."""
        return str(self.answer.get("considerations", ""))

    @property
    def dissent(self) -> str:
        """How others in the team see it."""
        return str(self.answer.get("dissent", ""))


@dataclass(frozen=True, slots=True)
class Group:
    """Questions asked together; ``label`` names what they were repeated for, and is empty otherwise."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A theme; ``not_asked``: numbers or texts of questions that earlier answers made superfluous."""

    number: str
    title: str
    intro: str
    groups: tuple[Group, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A main part of the question set."""

    number: str
    title: str
    intro: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Actions:
    """The action points of one part."""

    part: str
    question: str
    table: Table


class Why(StrEnum):
    """Why an answer stands outside the questions."""

    NO_PLACE = "no_place"
    """No question of this version asks for it."""
    NOT_USED = "not_used"
    """There was an answer already at its place."""
    NOT_ASKED = "not_asked"
    """Another answer made its question superfluous; it counts again when the question comes back."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that stands at no question now (NL: eerder antwoord), and so would otherwise be lost.

    ``origin`` and ``at`` say where it came from and when it was written there; both may be empty.
    """

    question: str
    text: str
    why: Why
    origin: str
    at: str
    answer: Json


@dataclass(frozen=True, slots=True)
class DossierExport:
    """A whole dossier. ``exported_at`` is a moment in ISO 8601, in UTC."""

    state: State
    light_markdown: bool
    """Whether the texts of team and committee are light Markdown; in older rounds they are plain text."""
    exported_at: str
    language: str
    questionnaire_sha256: str
    facts: Facts
    instrument: Instrument
    parts: tuple[Part, ...]
    conclusions: tuple[Concluded, ...]
    actions: tuple[Actions, ...]
    earlier: tuple[Earlier, ...]
    remarks: tuple[Remark, ...]
    """Released remarks that stand at no question here."""
    attachments: tuple[Json, ...] = ()
    """The files of the dossier, as a snapshot names them; the files themselves are not taken along."""
    gatherings: tuple[Gathering, ...] = ()
    """Of the team."""
