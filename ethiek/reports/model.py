"""The page model of a report: everything a reader will see, in order, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ethiek.errors import RenderError
from ethiek.questionnaires.model import Kind
from ethiek.reports.assessment import Part, Remark, assess, remark_of
from ethiek.reports.conclusions import Concluded, conclusions_in
from ethiek.reports.source import Documents, Json, ReportSource, digest, has_light_markdown, read
from ethiek.reports.values import Table, date_words, instant, moment_words, table_of
from ethiek.reports.verification_address import VerificationAddress, verification_address

__all__ = ["Report", "ReportSource", "build"]

VERDICTS: Final = {
    "positive": "Positief",
    "conditional": "Positief onder voorwaarden",
    "negative": "Negatief",
    "out_of_scope": "Valt buiten het werkgebied van de commissie",
}
APPROVERS: Final = {"chair": "Voorzitter", "secretary": "Secretaris"}
RESIDUAL: Final = "restrisico"
"""The instruments' own word: a table under a heading or question that names it lists residual risks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``code`` as in the advice (for example "conditional") and its label."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the advice; ``due`` is a date in words."""

    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Review:
    """What one member of the committee found."""

    by: str
    verdict: Verdict
    motivation: str
    at: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved the advice, in which role."""

    role: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Round:
    """A submitted version of the dossier."""

    number: int
    at: str
    sha256: str


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
    """SHA-256 values in hexadecimal; the first two stand on page 1."""

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
    approvals: tuple[Approval, ...]
    remarks: tuple[Remark, ...]
    """Remarks that are not about one question."""
    adopted_by: str
    adopted_at: str


@dataclass(frozen=True, slots=True)
class Report:
    """One advice report. ``issued`` is the moment of the last approval, in ISO 8601 with a Z.

    ``light_markdown``: how its texts are read; see :func:`ethiek.reports.source.has_light_markdown`.
    """

    language: str
    light_markdown: bool
    test_seal: bool
    issued: str
    issued_words: str
    round: int
    dossier: Dossier
    instrument: Instrument
    advice: Advice
    hashes: Hashes
    verification: VerificationAddress | None
    """Where everybody can check it; None if its organisation has no page for that."""
    parts: tuple[Part, ...]
    conclusions: tuple[Concluded, ...] | None
    """None for a question set that concludes nothing."""
    actions: tuple[Collected, ...]
    risks: tuple[Collected, ...]
    warnings: tuple[Warned, ...]
    rounds: tuple[Round, ...]


def build(source: ReportSource) -> Report:
    """Make the page model.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    documents = read(source)
    try:
        return _build(source, documents)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RenderError(f"the documents are incomplete: {type(error).__name__} {error}") from error


def issued_at(documents: Documents) -> str:
    """The moment of the last approval, in ISO 8601 with a Z."""
    last = max(instant(approval["at"]) for approval in documents.approvals["approvals"])
    return f"{last:%Y-%m-%dT%H:%M:%SZ}"


def _build(source: ReportSource, documents: Documents) -> Report:
    snapshot, advice = documents.snapshot, documents.advice
    parts, loose = assess(documents.questionnaire, snapshot, advice["remarks"])
    issued = issued_at(documents)
    return Report(
        language=source.language,
        light_markdown=has_light_markdown(snapshot),
        test_seal=source.test_seal,
        issued=issued,
        issued_words=moment_words(issued),
        round=snapshot["round"],
        dossier=_dossier(snapshot),
        instrument=instrument_of(documents.questionnaire),
        advice=_advice(documents, tuple(remark_of(remark) for remark in loose)),
        hashes=Hashes(digest(source.snapshot), digest(source.advice), digest(source.questionnaire)),
        verification=verification_address(source.public_url, digest(source.advice)),
        parts=parts,
        conclusions=conclusions_in(snapshot),
        actions=tuple(_collected(documents, of_actions=True)),
        risks=tuple(_collected(documents, of_actions=False)),
        warnings=tuple(_warnings(documents)),
        rounds=tuple(
            Round(row["round"], moment_words(row["submitted_at"]), row["sha256"]) for row in advice["rounds"]
        ),
    )


def _dossier(snapshot: Json) -> Dossier:
    facts = snapshot["dossier"]
    return Dossier(
        **{name: facts[name] for name in ("reference", "title", "purpose", "unit", "kind", "phase")},
        team=tuple((member["name"], member["role"]) for member in snapshot["team"]),
        submitted_at=moment_words(snapshot["submitted"]["at"]),
        submitted_by=snapshot["submitted"]["by"],
    )


def instrument_of(questionnaire: Json) -> Instrument:
    """What the question set says of itself."""
    account = questionnaire["source"]
    return Instrument(
        key=f"{questionnaire['id']}/{questionnaire['version']}",
        title=questionnaire["title"],
        source_title=account["title"],
        **{name: account[name] for name in ("publisher", "year", "edition", "wording", "url")},
        authors=tuple(account["authors"]),
        unresolved=tuple(account["unresolved"]),
    )


def _advice(documents: Documents, remarks: tuple[Remark, ...]) -> Advice:
    advice = documents.advice
    return Advice(
        organisation=advice["organisation"],
        committee=advice["committee"],
        verdict=_verdict(advice["verdict"]),
        motivation=advice["motivation"],
        conditions=tuple(
            Condition(row["text"], row["owner"], date_words(row["due_on"] or ""))
            for row in advice["conditions"]
        ),
        reviews=tuple(
            Review(row["by"], _verdict(row["verdict"]), row["motivation"], moment_words(row["at"]))
            for row in advice["reviews"]
        ),
        approvals=tuple(
            Approval(APPROVERS[row["role"]], row["by"], moment_words(row["at"]))
            for row in documents.approvals["approvals"]
        ),
        remarks=remarks,
        adopted_by=advice["adopted"]["by"],
        adopted_at=moment_words(advice["adopted"]["at"]),
    )


def _verdict(code: str) -> Verdict:
    return Verdict(code, VERDICTS[code])


def _collected(documents: Documents, *, of_actions: bool) -> Iterator[Collected]:
    """Action points, or residual risks, in the order of the question set."""
    answers = {row["question"]: row["answer"] for row in documents.snapshot["answers"]}
    for part in documents.questionnaire["parts"]:
        for section in part["sections"]:
            for question in section["questions"]:
                rows = answers.get(question["id"], {}).get("rows")
                if not rows or question["kind"] != Kind.TABLE:
                    continue
                if of_actions and question["actions"]:
                    yield Collected(numbered(part), table_of(question, rows))
                elif not (of_actions or question["actions"]) and _names_residual(section, question):
                    yield Collected(numbered(section), table_of(question, rows))


def _names_residual(section: Json, question: Json) -> bool:
    return RESIDUAL in f"{section['title']} {question['text']}".casefold()


def numbered(thing: Json) -> str:
    """The title of a part or section behind its official number, if it has one."""
    return f"{thing['number']} {thing['title']}".strip()


def _warnings(documents: Documents) -> Iterator[Warned]:
    numbers = {
        question["id"]: question["number"] or question["text"]
        for part in documents.questionnaire["parts"]
        for section in part["sections"]
        for question in section["questions"]
    }
    for warning in documents.snapshot["warnings"]:
        yield Warned(numbers.get(warning["question"], warning["question"]), warning["reason"])
