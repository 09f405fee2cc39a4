"""How much is answered, and what is missing. A branch that is not taken cannot be incomplete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.walk import UNANSWERED, Asked, ending, walk, walk_through
from ethiek.errors import UnknownQuestionError
from ethiek.questionnaires.model import Kind, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is missing before a dossier can be handed in.

    ``answered`` and ``asked`` count mandatory questions, per item in repeated sections. Optional ones never
    count. ``missing`` holds what is not answered, in the order of the question set.
    """

    missing: tuple[Slot, ...]
    answered: int
    asked: int
    stopped: bool = False
    """A rule of ``model.ENDING`` holds: by the instrument this may not go on, or not yet."""

    @property
    def complete(self) -> bool:
        """Nothing is missing, and no stop ended the questions early."""
        return not self.missing and not self.stopped


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the mandatory questions of one section are answered."""

    answered: int
    asked: int


def completeness(questionnaire: Questionnaire, answers: Answers) -> Completeness:
    """What is answered and what is missing in the whole question set.

    Raises:
        UnknownQuestionError: ``answers`` holds a question that this version does not have.
    """
    _refuse_unknown(questionnaire, answers)
    asked, stops = walk_through(questionnaire, answers)
    mandatory = sum(not one.question.optional for one in asked)
    missing = missing_of(asked, answers)
    return Completeness(missing, mandatory - len(missing), mandatory, bool(ending(stops)))


def missing_of(asked: Iterable[Asked], answers: Answers) -> tuple[Slot, ...]:
    """The mandatory questions without an answer, of what was found to be asked."""
    return tuple(one.slot for one in asked if not (one.question.optional or _done(one, answers)))


def progress(questionnaire: Questionnaire, answers: Answers) -> Mapping[str, Progress]:
    """Progress per section id; a section that is not asked now is absent.

    Raises:
        UnknownQuestionError: ``answers`` holds a question that this version does not have.
    """
    _refuse_unknown(questionnaire, answers)
    return progress_of(walk(questionnaire, answers), answers)


def progress_of(asked: Iterable[Asked], answers: Answers) -> Mapping[str, Progress]:
    """As :func:`progress`, of what was found to be asked."""
    counts: dict[str, Progress] = {}
    for one in asked:
        so_far = counts.get(one.section.id, Progress(0, 0))
        counts[one.section.id] = so_far if one.question.optional else _plus(so_far, done=_done(one, answers))
    return counts


def is_answered(question: Question, answer: Answer) -> bool:
    """Whether this counts as an answer. Considerations alone do not; neither does blank text.

    >>> is_answered(Question("1", "Waarom?", Kind.YES_NO, explain=True), Answer(choice="yes"))
    False
    """
    explained = is_filled(answer.text) or not question.explain
    return explained and _has_value(question, answer)


def is_filled(text: str) -> bool:
    """Whether a text holds anything that can be seen; zero-width characters cannot."""
    return any(character.isprintable() and not character.isspace() for character in text)


def _has_value(question: Question, answer: Answer) -> bool:
    match question.kind:
        case Kind.TABLE:
            return _table_filled(question, answer)
        case Kind.YES_NO | Kind.CHOICE:
            return answer.choice in question.option_ids
        case Kind.MULTI_CHOICE:
            return not set(answer.choices).isdisjoint(question.option_ids)
        case Kind.DATE:
            return is_filled(answer.date)
        case Kind.NUMBER:
            return is_filled(answer.number)
        case _:
            return is_filled(answer.text)


def _table_filled(question: Question, answer: Answer) -> bool:
    rows = [row for row in answer.rows if any(map(is_filled, row.values()))]
    required = [column.id for column in question.columns if column.required]
    return bool(rows) and all(is_filled(row.get(column, "")) for row in rows for column in required)


def _refuse_unknown(questionnaire: Questionnaire, answers: Answers) -> None:
    known = {question.id for question in questionnaire.questions()}
    for slot in answers:
        if slot.question not in known:
            raise UnknownQuestionError(slot.question)


def _done(one: Asked, answers: Answers) -> bool:
    return is_answered(one.question, answers.get(one.slot, UNANSWERED))


def _plus(progress: Progress, *, done: bool) -> Progress:
    return Progress(progress.answered + done, progress.asked + 1)
