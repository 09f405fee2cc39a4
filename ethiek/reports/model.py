"""The page model of a report: everything a reader will see, in order, as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from ethiek.errors import RenderError
from ethiek.reports.advised import advice_of, participants_of
from ethiek.reports.annexes import action_points, instrument_warnings, residual_risks
from ethiek.reports.assessment import assess, remark_of
from ethiek.reports.attachments import attachments_in
from ethiek.reports.conclusions import conclusions_in
from ethiek.reports.contents import (
    Dossier,
    Hashes,
    Instrument,
    Report,
    Variant,
)
from ethiek.reports.decision import decision_of
from ethiek.reports.gatherings import gatherings_in
from ethiek.reports.languages import WORDS
from ethiek.reports.rounds import rounds_of
from ethiek.reports.source import (
    ConceptSource,
    Documents,
    FullSource,
    Json,
    ReportSource,
    digest,
    has_light_markdown,
    read,
    read_concept,
)
from ethiek.reports.summary import summarise
from ethiek.reports.values import instant, moment_words
from ethiek.reports.verification_address import verification_address
from ethiek.reports.words import Words

__all__ = ["Instrument", "Report", "ReportSource", "build"]

TEMPLATE_VERSION: Final = "3.0"
"""Of the templates, their style sheet and their words; a change of the printed page changes it."""


def build(source: ReportSource, documents: Documents | None = None) -> Report:
    """Make the page model.

    Args:
        documents: those of the source from which things were left out; None: as they are.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    documents = documents or read(source)
    with _complete():
        return _build(source, documents)


def build_concept(source: ConceptSource, anchor: str = "") -> Report:
    """Make the page model of a dossier without advice.

    Args:
        anchor: before the address of every chapter; see :class:`Report`.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    snapshot, questionnaire = read_concept(source)
    with _complete():
        return _concept(source, snapshot, questionnaire, anchor)


def build_full(source: FullSource) -> tuple[tuple[Report, ...], Report | None]:
    """Make the page models of every round, the first first, and of the advice.

    Raises:
        RenderError: the documents are incomplete, or do not belong together.
    """
    rounds = []
    for number, handed_in in enumerate(source.rounds, 1):
        concept = ConceptSource(
            handed_in.snapshot,
            handed_in.questionnaire,
            source.organisation,
            source.committee,
            source.language,
            source.house,
        )
        snapshot, questionnaire = read_concept(concept)
        with _complete():
            report = _concept(concept, snapshot, questionnaire, f"r{number}-", json.loads(handed_in.remarks))
        rounds.append(replace(report, variant=Variant.FULL))
    return tuple(rounds), build(source.advice) if source.advice else None


@contextmanager
def _complete() -> Iterator[None]:
    """Whatever a document lacks is one kind of error."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RenderError(f"the documents are incomplete: {type(error).__name__} {error}") from error


def issued_at(documents: Documents, *, preview: bool = False) -> str:
    """The moment of the last approval or decision (of a preview without any: of the adoption), in ISO 8601 with a Z."""
    decided = [documents.decision["decided"]] if documents.decision else []
    steps = [*documents.approvals["approvals"], *decided]
    steps = steps or ([documents.advice["adopted"]] if preview else [])
    return _utc(max(instant(step["at"]) for step in steps).isoformat())


def _utc(moment: str) -> str:
    return f"{instant(moment):%Y-%m-%dT%H:%M:%SZ}"


def _build(source: ReportSource, documents: Documents) -> Report:
    words = WORDS[source.language]
    snapshot, advice = documents.snapshot, documents.advice
    parts, loose = assess(documents.questionnaire, snapshot, advice["remarks"], words)
    issued = issued_at(documents, preview=source.preview)
    printed = advice_of(
        documents, tuple(remark_of(remark, words) for remark in loose), words, preview=source.preview
    )
    risks = residual_risks(documents.questionnaire, snapshot, words)
    markdown = has_light_markdown(snapshot)
    return Report(
        variant=Variant.PREVIEW if source.preview else Variant.ADVICE,
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
        actions=action_points(documents.questionnaire, snapshot, words),
        risks=risks,
        warnings=instrument_warnings(documents.questionnaire, snapshot),
        rounds=tuple(rounds_of(advice["rounds"], documents.questionnaire, words)),
        participants=tuple(participants_of(snapshot, printed, words, documents.decision)),
        verification=verification_address(source.public_url, digest(source.advice), words),
        attachments=attachments_in(snapshot, documents.questionnaire, words),
        gatherings=gatherings_in(snapshot, words),
        decision=decision_of(source.decision, documents.decision, printed.conditions, words),
    )


def _concept(
    source: ConceptSource, snapshot: Json, questionnaire: Json, anchor: str, remarks: Sequence[Json] = ()
) -> Report:
    words = WORDS[source.language]
    parts, loose = assess(questionnaire, snapshot, list(remarks), words)
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
        actions=action_points(questionnaire, snapshot, words),
        risks=residual_risks(questionnaire, snapshot, words),
        warnings=instrument_warnings(questionnaire, snapshot),
        rounds=(),
        participants=(),
        anchor=anchor,
        loose=tuple(remark_of(remark, words) for remark in loose),
        attachments=attachments_in(snapshot, questionnaire, words),
        gatherings=gatherings_in(snapshot, words),
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
