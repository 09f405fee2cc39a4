"""The outcome rules of an assessment definition as conclusions: what is required, and why."""

from __future__ import annotations

from typing import Final

from ethiek.questionnaires.exchange import frame
from ethiek.questionnaires.exchange.assessment_rules import Places
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.ids import made_valid
from ethiek.questionnaires.exchange.imported import Losses, What
from ethiek.questionnaires.exchange.outcome_rules import Branch, outcome
from ethiek.questionnaires.exchange.texts import plain, shortened
from ethiek.questionnaires.model import Conclusion, Level
from ethiek.questionnaires.wording import LONGEST_TEXT

_ASSESSMENT: Final = frozenset({"id", "levels"})
_LEVEL: Final = frozenset({"level", "expression", "result", "explanation", "criteria"})
_CRITERION: Final = frozenset({"id", "expression", "explanation"})
_INSTRUMENTS: Final = frozenset({"iama", "deda"})
"""Instruments that Ethiek has question sets of; an outcome can point to them."""


def conclusions(root: Entry, places: Places, losses: Losses) -> tuple[Conclusion, ...]:
    """Return the outcome rules that can be asked here, the strongest of each assessment first as in the file."""
    found: list[Conclusion] = []
    for assessment in root.entries("assessments"):
        losses.unknown(assessment, _ASSESSMENT)
        for level in assessment.entries("levels"):
            found += _of_level(assessment.text("id"), level, places, losses)
    return tuple(found)


def _of_level(name: str, level: Entry, places: Places, losses: Losses) -> list[Conclusion]:
    losses.unknown(level, _LEVEL, name)
    criteria = {one.text("id"): one for one in level.entries("criteria")}
    for one in criteria.values():
        losses.unknown(one, _CRITERION, name)
    strength = level.text("level")
    if strength not in set(Level):
        losses.add(What.OUTCOME, level, name, f"level: {strength}")
        return []
    rule = outcome(
        level.text("expression"), {id_: one.text("expression") for id_, one in criteria.items()}, places
    )
    for part in rule.left_out:
        losses.add(What.OUTCOME, level, name, f"{strength}: {part}")
    title = frame.title(level, "result", name, losses)[: frame.LONGEST_TITLE] or name or strength
    return [
        Conclusion(
            id=made_valid(name),
            title=title,
            level=Level(strength),
            when=branch.when,
            reason=_reason(branch, level, criteria) or title,
            instrument=name.lower() if name.lower() in _INSTRUMENTS else "",
        )
        for branch in rule.branches
    ]


def _reason(branch: Branch, level: Entry, criteria: dict[str, Entry]) -> str:
    """Say why it holds: what the level says of itself, and what its criteria add."""
    texts = [plain(level.text("explanation"))]
    texts += [plain(criteria[id_].text("explanation")) for id_ in branch.criteria if id_ in criteria]
    return shortened("; ".join(text for text in texts if text), LONGEST_TEXT)[0]
