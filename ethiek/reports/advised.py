"""The advice as it is printed: what the committee found, who approved it, and who did what for it."""

from __future__ import annotations

from collections.abc import Iterator

from ethiek.reports.assessment import Remark
from ethiek.reports.contents import Advice, Approval, Review, Verdict
from ethiek.reports.meetings import meeting_in
from ethiek.reports.recusals import recusals_in
from ethiek.reports.source import Documents, Json
from ethiek.reports.summary import Condition
from ethiek.reports.values import date_words, day_words, moment_words
from ethiek.reports.words import Words


def advice_of(
    documents: Documents, remarks: tuple[Remark, ...], words: Words, *, preview: bool = False
) -> Advice:
    """The advice with its approvals; ``remarks``: those that are not about one question."""
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
            Approval(
                words.approvers[row["role"]], row["by"], moment_words(row["at"], words), "signature" in row
            )
            for row in documents.approvals["approvals"]
        ),
        remarks=remarks,
        adopted_by=advice["adopted"]["by"],
        adopted_at=moment_words(advice["adopted"]["at"], words),
        adopted_on=day_words(advice["adopted"]["at"], words),
        awaited=_awaited(documents.approvals, words) if preview else (),
        recusals=recusals_in(advice, words),
        meeting=meeting_in(advice, words),
    )


def _awaited(approvals: Json, words: Words) -> tuple[str, ...]:
    given = {row["role"] for row in approvals["approvals"]}
    return tuple(name for role, name in words.approvers.items() if role not in given)


def _verdict(code: str, words: Words) -> Verdict:
    return Verdict(code, words.verdicts[code])


def participants_of(
    snapshot: Json, advice: Advice, words: Words, decision: Json | None = None
) -> Iterator[tuple[str, str]]:
    """Who did what for the advice and the decision, in order of time."""
    yield snapshot["submitted"]["by"], words.handed_in_by
    for review in advice.reviews:
        yield review.by, words.reviewed
    yield advice.adopted_by, words.adopted_by
    for approval in advice.approvals:
        yield approval.by, words.approved_as.format(role=approval.role.lower())
    if decision is not None:
        yield decision["decided"]["by"], words.decided
