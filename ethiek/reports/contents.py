"""What a report holds, in the order in which it is read: plain values, ready to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ethiek.reports.assessment import Part, Remark
from ethiek.reports.attachments import Attachment
from ethiek.reports.conclusions import Concluded
from ethiek.reports.decision import Decision
from ethiek.reports.gatherings import Gathering
from ethiek.reports.house import House
from ethiek.reports.meetings import Meeting
from ethiek.reports.public import PublicCopy
from ethiek.reports.recusals import Recusal
from ethiek.reports.summary import Condition, Summary
from ethiek.reports.values import Table
from ethiek.reports.verification_address import VerificationAddress


class Variant(StrEnum):
    """What kind of document is printed from the same data."""

    ADVICE = "advice"
    PREVIEW = "preview"
    """An advice that waits for approvals: never signed, and marked on every page."""
    CONCEPT = "concept"
    """A dossier without advice: never signed, and marked on every page."""
    PUBLIC = "public"
    """A copy of a signed report for everybody, from which things were left out: not signed itself."""
    FULL = "full"
    """One round of a whole dossier, to be read: never signed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``code`` as in the advice (for example "conditional") and its label."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Review:
    """What one member of the committee found."""

    by: str
    verdict: Verdict
    motivation: str
    at: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved the advice, in which role. ``signs``: the report also carries a signature of this person."""

    role: str
    by: str
    at: str
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A submitted version of the dossier."""

    number: int
    at: str
    sha256: str
    changes: tuple[Changes, ...] | None = None
    """What changed since the round before, per kind; None for the first, and where the advice does not say."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Questions whose answers are new, changed or removed (``title``), each by number, text and item."""

    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """A table repeated from the assessment, under the name of the part or question that it comes from."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of the instrument that the team submitted with."""

    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-256 values in hexadecimal; the first two stand on page 1. A concept has no ``advice``."""

    snapshot: str
    advice: str
    questionnaire: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the advice is about."""

    reference: str
    title: str
    purpose: str
    unit: str
    kind: str
    phase: str
    team: tuple[tuple[str, str], ...]
    """Name and role of each member."""
    submitted_at: str
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """The question set's account of itself."""

    key: str
    title: str
    source_title: str
    publisher: str
    year: int
    edition: str
    wording: str
    url: str
    authors: tuple[str, ...]
    unresolved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What the committee advises, and how it came to that."""

    organisation: str
    committee: str
    verdict: Verdict
    motivation: str
    conditions: tuple[Condition, ...]
    reviews: tuple[Review, ...]
    quorum: int | None
    """How many reviews were needed; None where the advice does not say."""
    approvals: tuple[Approval, ...]
    remarks: tuple[Remark, ...]
    """Remarks that are not about one question."""
    adopted_by: str
    adopted_at: str
    adopted_on: str
    awaited: tuple[str, ...] = ()
    """Roles whose approval is still to come; of a preview only."""
    recusals: tuple[Recusal, ...] = ()
    meeting: Meeting | None = None

    @property
    def minority(self) -> tuple[Review, ...]:
        """The reviews that came to another verdict than the advice."""
        return tuple(review for review in self.reviews if review.verdict != self.verdict)


@dataclass(frozen=True, slots=True)
class Report:
    """One document. ``issued``: the moment of the last approval (of a concept: of the hand-in), in ISO 8601 with a Z.

    ``light_markdown``: how its texts are read; see :func:`ethiek.reports.source.has_light_markdown`.
    ``anchor``: stands before the address of every chapter, so that several dossiers fit in one file.
    """

    variant: Variant
    language: str
    house: House
    light_markdown: bool
    test_seal: bool
    issued: str
    issued_words: str
    round: int
    organisation: str
    committee: str
    dossier: Dossier
    instrument: Instrument
    advice: Advice | None
    summary: Summary | None
    hashes: Hashes
    parts: tuple[Part, ...]
    conclusions: tuple[Concluded, ...] | None
    """None for a question set that concludes nothing."""
    actions: tuple[Collected, ...]
    risks: tuple[Collected, ...]
    warnings: tuple[Warned, ...]
    rounds: tuple[Round, ...]
    participants: tuple[tuple[str, str], ...]
    """Name, and what this person did for the advice."""
    verification: VerificationAddress | None = None
    """Where everybody can check it; None if its organisation has no page for that."""
    anchor: str = ""
    public: PublicCopy | None = None
    """Of a public copy: what it says about itself."""
    loose: tuple[Remark, ...] = ()
    """Remarks on a round that are about no question; those on an advice are in the advice."""
    attachments: tuple[Attachment, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    decision: Decision | None = None
    """Of the accountable official; None in a report that was made before there was one."""
