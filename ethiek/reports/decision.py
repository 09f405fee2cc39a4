"""The decision of the accountable official as it is printed: who, what happens, why, and what about each condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ethiek.reports.source import Json, digest
from ethiek.reports.summary import Condition, shortened
from ethiek.reports.values import day_words, moment_words
from ethiek.reports.words import Words

ON_COVER: Final = 16
"""In em: what of a name and of a function stands on page 1, so that the checksums stay there too."""


@dataclass(frozen=True, slots=True)
class ConditionDecided:
    """A condition of the advice, with what was decided about it. ``reason``: why it was not adopted."""

    text: str
    adopted: bool
    adopted_words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``outcome`` is the code, other texts are ready to be printed. ``replaces``: why an earlier one was revised."""

    sha256: str
    outcome: str
    outcome_words: str
    follows_words: str
    by: str
    capacity: str
    on_cover: str
    """Name and function, short enough for page 1."""
    at: str
    on: str
    reason: str
    conditions: tuple[ConditionDecided, ...]
    report_sha256: str
    """Of the signed report that was read."""
    replaces: str = ""
    replaces_sha256: str = ""


def decision_of(
    content: bytes, document: Json | None, conditions: tuple[Condition, ...], words: Words
) -> Decision | None:
    """The decision in ``decision.json``; None in a report that was made before there was one.

    Args:
        conditions: of the advice, as printed; the decision has one entry for each.
    """
    if document is None:
        return None
    decided, replaces = document["decided"], document.get("replaces", {})
    by, capacity = decided["by"], decided["capacity"]
    return Decision(
        sha256=digest(content),
        outcome=document["outcome"],
        outcome_words=words.decision_outcomes[document["outcome"]],
        follows_words=words.decision_follows[document["follows"]],
        by=by,
        capacity=capacity,
        on_cover=f"{shortened(by, ON_COVER)}, {shortened(capacity, ON_COVER)}",
        at=moment_words(decided["at"], words),
        on=day_words(decided["at"], words),
        reason=document["reason"],
        conditions=tuple(
            ConditionDecided(
                condition.text, row["adopted"], words.decision_adopted[_answer(row)], row["reason"]
            )
            for condition, row in zip(conditions, document["conditions"], strict=True)
        ),
        report_sha256=document["report_sha256"],
        replaces=replaces.get("reason", ""),
        replaces_sha256=replaces.get("sha256", ""),
    )


def _answer(row: Json) -> str:
    return "yes" if row["adopted"] else "no"
