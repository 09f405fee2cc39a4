"""The dossiers of the demonstration as data: one file per case, and answers that fit any case of an instrument.

An answer in a file is a text, a list of rows, or a mapping with the fields of an ``Answer``. Its key is a question
id or ``question@item``. Braces in the common answers are filled in with the facts of the case.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from ethiek.domain.advice import AdviceInput, Condition, Verdict
from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.walk import Asked, walk
from ethiek.questionnaires.model import Questionnaire

HOME: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier. ``team``: person -> function; the first one leads. ``answers``: by slot, as in the file."""

    key: str
    title: str
    purpose: str
    unit: str
    kind: ProjectKind
    phase: Phase
    questionnaire: str
    team: Mapping[str, str]
    answers: Mapping[str, Any]
    gatherings: Sequence[Mapping[str, Any]] = ()
    """Of the team: ``days`` (before it is recorded), ``title``, ``participants``, ``note``."""
    committee: Mapping[str, Any] = field(default_factory=dict)
    """What the committee says of it: remarks, replies to them, revised answers, verdicts, the advice."""

    @property
    def lead(self) -> str:
        """The person who leads the project."""
        return next(iter(self.team))


def read_case(key: str) -> Case:
    """Read the case ``cases/<key>.yaml``."""
    data = _read(HOME / "cases" / f"{key}.yaml")
    facts = data.pop("facts", {})
    common = _read(HOME / "answers" / f"{data['questionnaire'].split('/')[0]}.yaml")
    own = data.pop("answers", {})
    others = {slot: _filled_in(value, facts) for slot, value in common.items() if slot not in own}
    kind, phase = ProjectKind(data.pop("kind")), Phase(data.pop("phase"))
    return Case(key=key, kind=kind, phase=phase, answers={**others, **own}, **data)


@functools.cache
def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _read(path: Path) -> Any:
    return yaml.safe_load(_text_of(path))


def _filled_in(value: Any, facts: Mapping[str, str]) -> Any:
    match value:
        case str():
            return value.format_map(
                {**facts, **{name.capitalize(): _sentence(text) for name, text in facts.items()}}
            )
        case list():
            return [_filled_in(item, facts) for item in value]
        case dict():
            return {key: _filled_in(item, facts) for key, item in value.items()}
        case _:
            return value


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def answers_for(case: Case, questionnaire: Questionnaire) -> dict[Slot, Answer]:
    """Return an answer to every question that is asked, given the answers before it.

    Raises:
        ValueError: the case has an answer that the question does not allow.
    """
    answers: dict[Slot, Answer] = {}
    while new := [
        asked for asked in walk(questionnaire, answers) if asked.slot not in answers and _of(case, asked)
    ]:
        for asked in new:
            answers[asked.slot] = _checked(asked, _of(case, asked))
    return answers


def _of(case: Case, asked: Asked) -> Any:
    return case.answers.get(str(asked.slot)) or case.answers.get(asked.question.id)


def _checked(asked: Asked, value: Any) -> Answer:
    answer = normalise(asked.question, answer_of(value))
    if found := problems(asked.question, answer):
        raise ValueError(f"{asked.slot}: {found[0]}")
    return answer


def answer_of(value: Any) -> Answer:
    """Read an answer as it stands in a file."""
    match value:
        case str():
            return Answer(text=value)
        case list():
            return Answer(rows=tuple({column: str(cell) for column, cell in row.items()} for row in value))
        case _:
            return Answer.from_json(value)


def advice_of(case: Case, today: date) -> AdviceInput:
    """Return the advice on a case; its conditions are due so many days from today."""
    told = case.committee["advice"]
    conditions = tuple(
        Condition(one["text"], one["owner"], today + timedelta(days=one["days"]))
        for one in told.get("conditions", ())
    )
    return AdviceInput(Verdict(told["verdict"]), told["motivation"], conditions)
