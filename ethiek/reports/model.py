"""The page model of a report: everything a reader will see, in order, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ethiek.errors import RenderError
from ethiek.questionnaires.model import Kind
from ethiek.reports.assessment import Remark, assess, remark_of
from ethiek.reports.conclusions import conclusions_in
from ethiek.reports.contents import (
    Advice,
    Approval,
    Collected,
    Dossier,
    Hashes,
    Instrument,
    Report,
    Review,
    Round,
    Variant,
    Verdict,
    Warned,
)
from ethiek.reports.languages import WORDS
from ethiek.reports.source import (
    ConceptSource,
    Documents,
    Json,
    ReportSource,
    digest,
    has_light_markdown,
    read,
    read_concept,
)
from ethiek.reports.summary import Condition, summarise
from ethiek.reports.values import date_words, day_words, instant, moment_words, table_of
from ethiek.reports.verification_address import verification_address
from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL

__all__ = ["Instrument", "Report", "ReportSource", "build"]

TEMPLATE_VERSION: Final = "2.0"
"""Of the templates, their style sheet and their words; a change of the printed page changes it."""
VERDICTS: Final = NL.verdicts


def build(source: ReportSource, documents: Documents | None = None) -> Report:
    """Make the page model.

    Args:
        documents: those of the source from which things were left out; None: as they are.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    documents = documents or read(source)
    try:
        return _build(source, documents)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RenderError(f"the documents are incomplete: {type(error).__name__} {error}") from error


def build_concept(source: ConceptSource, anchor: str = "") -> Report:
    """Make the page model of a dossier without advice.

    Args:
        anchor: before the address of every chapter; see :class:`Report`.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    snapshot, questionnaire = read_concept(source)
    try:
        return _concept(source, snapshot, questionnaire, anchor)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RenderError(f"the documents are incomplete: {type(error).__name__} {error}") from error


def issued_at(documents: Documents) -> str:
    """The moment of the last approval, in ISO 8601 with a Z."""
    last = max(instant(approval["at"]) for approval in documents.approvals["approvals"])
    return _utc(last.isoformat())


def _utc(moment: str) -> str:
    return f"{instant(moment):%Y-%m-%dT%H:%M:%SZ}"


def _build(source: ReportSource, documents: Documents) -> Report:
    words = WORDS[source.language]
    snapshot, advice = documents.snapshot, documents.advice
    parts, loose = assess(documents.questionnaire, snapshot, advice["remarks"], words)
    issued = issued_at(documents)
    printed = _advice(documents, tuple(remark_of(remark, words) for remark in loose), words)
    risks = tuple(_collected(documents.questionnaire, snapshot, words, of_actions=False))
    markdown = has_light_markdown(snapshot)
    return Report(
        variant=Variant.ADVICE,
        language=source.language,
        house=source.house,
        light_markdown=markdown,
        test_seal=source.test_seal,
        issued=issued,
        issued_words=moment_words(issued, words),
        round=snapshot["round"],
        organisation=advice["organisation"],
        committee=advice["committee"],
        dossier=_dossier(snapshot, words),
        instrument=instrument_of(documents.questionnaire),
        advice=printed,
        summary=summarise(
            printed.motivation, printed.conditions, [risk.table for risk in risks], light_markdown=markdown
        ),
        hashes=Hashes(digest(source.snapshot), digest(source.advice), digest(source.questionnaire)),
        parts=parts,
        conclusions=conclusions_in(snapshot, words),
        actions=tuple(_collected(documents.questionnaire, snapshot, words, of_actions=True)),
        risks=risks,
        warnings=tuple(_warnings(documents.questionnaire, snapshot)),
        rounds=tuple(_rounds(advice["rounds"], words)),
        participants=tuple(_participants(snapshot, printed, words)),
        verification=verification_address(source.public_url, digest(source.advice)),
    )


def _concept(source: ConceptSource, snapshot: Json, questionnaire: Json, anchor: str) -> Report:
    words = WORDS[source.language]
    parts, _ = assess(questionnaire, snapshot, [], words)
    at = _utc(snapshot["submitted"]["at"])
    return Report(
        variant=Variant.CONCEPT,
        language=source.language,
        house=source.house,
        light_markdown=has_light_markdown(snapshot),
        test_seal=False,
        issued=at,
        issued_words=moment_words(at, words),
        round=snapshot["round"],
        organisation=source.organisation,
        committee=source.committee,
        dossier=_dossier(snapshot, words),
        instrument=instrument_of(questionnaire),
        advice=None,
        summary=None,
        hashes=Hashes(digest(source.snapshot), "", digest(source.questionnaire)),
        parts=parts,
        conclusions=conclusions_in(snapshot, words),
        actions=tuple(_collected(questionnaire, snapshot, words, of_actions=True)),
        risks=tuple(_collected(questionnaire, snapshot, words, of_actions=False)),
        warnings=tuple(_warnings(questionnaire, snapshot)),
        rounds=(),
        participants=(),
        anchor=anchor,
    )


def _dossier(snapshot: Json, words: Words) -> Dossier:
    facts = snapshot["dossier"]
    return Dossier(
        **{name: facts[name] for name in ("reference", "title", "purpose", "unit")},
        **{name: words.project.get(facts[name], facts[name]) for name in ("kind", "phase")},
        team=tuple((member["name"], member["role"]) for member in snapshot["team"]),
        submitted_at=moment_words(snapshot["submitted"]["at"], words),
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


def _advice(documents: Documents, remarks: tuple[Remark, ...], words: Words) -> Advice:
    advice = documents.advice
    return Advice(
        organisation=advice["organisation"],
        committee=advice["committee"],
        verdict=_verdict(advice["verdict"], words),
        motivation=advice["motivation"],
        conditions=tuple(
            Condition(row["text"], row["owner"], date_words(row["due_on"] or "", words))
            for row in advice["conditions"]
        ),
        reviews=tuple(
            Review(
                row["by"], _verdict(row["verdict"], words), row["motivation"], moment_words(row["at"], words)
            )
            for row in advice["reviews"]
        ),
        quorum=advice.get("quorum"),
        approvals=tuple(
            Approval(words.approvers[row["role"]], row["by"], moment_words(row["at"], words))
            for row in documents.approvals["approvals"]
        ),
        remarks=remarks,
        adopted_by=advice["adopted"]["by"],
        adopted_at=moment_words(advice["adopted"]["at"], words),
        adopted_on=day_words(advice["adopted"]["at"], words),
    )


def _verdict(code: str, words: Words) -> Verdict:
    return Verdict(code, words.verdicts[code])


def _rounds(rows: Sequence[Json], words: Words) -> Iterator[Round]:
    for row in rows:
        yield Round(row["round"], moment_words(row["submitted_at"], words), row["sha256"])


def _participants(snapshot: Json, advice: Advice, words: Words) -> Iterator[tuple[str, str]]:
    """Who did what for the advice, in order of time."""
    yield snapshot["submitted"]["by"], words.handed_in_by
    for review in advice.reviews:
        yield review.by, words.reviewed
    yield advice.adopted_by, words.adopted_by
    for approval in advice.approvals:
        yield approval.by, words.approved_as.format(role=approval.role.lower())


def _collected(questionnaire: Json, snapshot: Json, words: Words, *, of_actions: bool) -> Iterator[Collected]:
    """Action points, or residual risks, in the order of the question set."""
    answers = {row["question"]: row["answer"] for row in snapshot["answers"]}
    for part in questionnaire["parts"]:
        for section in part["sections"]:
            for question in section["questions"]:
                rows = answers.get(question["id"], {}).get("rows")
                if not rows or question["kind"] != Kind.TABLE:
                    continue
                if of_actions and question["actions"]:
                    yield Collected(numbered(part), table_of(question, rows, words))
                elif not (of_actions or question["actions"]) and _names_residual(section, question):
                    yield Collected(numbered(section), table_of(question, rows, words))


def _names_residual(section: Json, question: Json) -> bool:
    """Whatever the language of the report: question sets are in a language of their own."""
    text = f"{section['title']} {question['text']}".casefold()
    return any(words.residual in text for words in WORDS.values())


def numbered(thing: Json) -> str:
    """The title of a part or section behind its official number, if it has one."""
    return f"{thing['number']} {thing['title']}".strip()


def _warnings(questionnaire: Json, snapshot: Json) -> Iterator[Warned]:
    numbers = {
        question["id"]: question["number"] or question["text"]
        for part in questionnaire["parts"]
        for section in part["sections"]
        for question in section["questions"]
    }
    for warning in snapshot["warnings"]:
        yield Warned(numbers.get(warning["question"], warning["question"]), warning["reason"])
