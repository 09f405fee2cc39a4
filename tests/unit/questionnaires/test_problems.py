"""Everything that can be wrong with a question set is found, and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import walk
from ethiek.questionnaires.catalogue import load_catalogue, parse
from ethiek.questionnaires.checks import problems
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Effect,
    Group,
    Kind,
    Question,
    Questionnaire,
    Role,
    Section,
    ShowWhen,
    StopRule,
    Test,
)
from ethiek.questionnaires.problems import Code, Problem, Scope
from tests.unit.questionnaires.generated import doubtful_sets, valid_sets
from tests.unit.questionnaires.small import SMALL

YES = Check("1.1.1", Test.IS, ("yes",))
NO = Check("1.1.1", Test.IS, ("no",))
YOUNG = Check("1.1.2", Test.HAS, ("young",))
Change = Callable[[Question], Question]
Row = tuple[str, str, str, str, Code]


def small() -> Questionnaire:
    return parse(SMALL, "toets/1.0.yaml")


def changed(id_: str, change: Change, within: Questionnaire | None = None) -> Questionnaire:
    """The small set with one question changed."""
    one = within or small()
    return replace(
        one,
        parts=tuple(
            replace(
                part,
                sections=tuple(
                    replace(
                        section,
                        questions=tuple(
                            change(question) if question.id == id_ else question
                            for question in section.questions
                        ),
                    )
                    for section in part.sections
                ),
            )
            for part in one.parts
        ),
    )


def rows(found: tuple[Problem, ...]) -> list[Row]:
    return [(str(one.scope), one.id, one.inside, one.field, one.code) for one in found]


def shown(condition: ShowWhen) -> Questionnaire:
    return changed("1.1.3", lambda one: replace(one, show_when=condition))


def with_section(**changes: object) -> Questionnaire:
    one = small()
    first, second = one.parts[0].sections
    return replace(
        one,
        parts=(replace(one.parts[0], sections=(first, replace(second, **changes))),),  # type: ignore[arg-type]
    )


def both(*members: ShowWhen) -> Group:
    return Group(Combine.ALL, members)


def test_sets_that_come_along_have_no_problems() -> None:
    assert {one.key: problems(one) for one in load_catalogue()} == {one.key: () for one in load_catalogue()}


@given(valid_sets())
@settings(max_examples=60, deadline=None)
def test_a_valid_set_has_no_problems(one: Questionnaire) -> None:
    assert problems(one) == ()


AT_THIRD = ("question", "1.1.3")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (shown(both(YES, NO)), [(*AT_THIRD, "", "show_when", Code.UNREACHABLE)]),
        (
            shown(both(YOUNG, Check("1.1.2", Test.LACKS, ("young",)))),
            [(*AT_THIRD, "", "show_when", Code.UNREACHABLE)],
        ),
        (
            shown(both(YOUNG, Check("1.1.2", Test.HAS, ("none",)))),  # "none" rules out all others
            [(*AT_THIRD, "", "show_when", Code.UNREACHABLE)],
        ),
        (
            with_section(show_when=Check("1.1.2", Test.HAS, ("none",))),  # and it is repeated for the others
            [("section", "1.2", "", "show_when", Code.UNREACHABLE)],
        ),
        (
            with_section(show_when=NO),  # a "no" has stopped the questions before
            [("section", "1.2", "", "show_when", Code.UNREACHABLE)],
        ),
        (
            shown(Check("1.2.1", Test.IS, ("yes",))),
            [(*AT_THIRD, "show_when", "question", Code.NOT_EARLIER)],
        ),
        (shown(Check("1.1.1", Test.IS, ())), [(*AT_THIRD, "show_when", "values", Code.NO_VALUES)]),
        (
            shown(Check("1.1.2", Test.HAS, ("old",))),
            [(*AT_THIRD, "show_when", "values", Code.NO_OPTION)],
        ),
        (with_section(questions=()), [("section", "1.2", "", "questions", Code.EMPTY)]),
        (with_section(title=" "), [("section", "1.2", "", "title", Code.BLANK)]),
        (with_section(repeat_for="1.1.1"), [("section", "1.2", "", "repeat_for", Code.NO_MULTI_CHOICE)]),
        (with_section(repeat_for="9"), [("section", "1.2", "", "repeat_for", Code.NO_QUESTION)]),
        (
            changed("1.1.3", lambda one: replace(one, text="")),
            [(*AT_THIRD, "", "text", Code.BLANK)],
        ),
        (
            changed("1.1.3", lambda one: replace(one, help="x" * 20_001)),
            [(*AT_THIRD, "", "help", Code.TOO_LONG)],
        ),
        (
            changed(
                "1.1.2", lambda one: replace(one, options=(replace(one.options[0], label=""), one.options[1]))
            ),
            [("question", "1.1.2", "option young", "label", Code.BLANK)],
        ),
        (
            changed("1.2.1", lambda one: replace(one, id="een vraag")),
            [("question", "een vraag", "", "id", Code.BAD_ID)],
        ),
        (
            changed("1.2.1", lambda one: replace(one, kind=Kind.CHOICE)),
            [("question", "1.2.1", "", "options", Code.NEEDED)],
        ),
        (
            changed("1.2.1", lambda one: replace(one, actions=True)),
            [("question", "1.2.1", "", "actions", Code.NOT_FOR_KIND)],
        ),
        (
            changed("1.2.1", lambda one: replace(one, who=("koning",))),
            [("question", "1.2.1", "", "who", Code.NO_ROLE)],
        ),
        (
            changed("1.2.1", lambda one: replace(one, id="1.1.3")),
            [("set", "", "", "questions", Code.DUPLICATE)],
        ),
        (replace(small(), choose_when=("Altijd.",)), [("set", "", "", "choose_when", Code.EMPTY)]),
        (
            replace(small(), roles=(*small().roles, Role("extra", " "))),
            [("set", "", "roles", "label", Code.BLANK)],
        ),
        (replace(small(), parts=()), [("set", "", "", "parts", Code.EMPTY)]),
    ],
)
def test_each_mistake_is_found_where_it_is(wrong: Questionnaire, expected: list[Row]) -> None:
    assert rows(problems(wrong)) == expected


def test_what_waits_for_each_other_is_named() -> None:
    wrong = changed(
        "1.1.1",
        lambda one: replace(one, stops=(), show_when=Check("1.1.2", Test.HAS, ("young",))),
        changed("1.1.2", lambda one: replace(one, show_when=YES)),
    )
    found = [one for one in problems(wrong) if one.code is Code.CYCLE]
    assert [(one.id, one.sentence) for one in found] == [
        ("1.1.1", "question: these wait for each other: 1.1.1 > 1.1.2 > 1.1.1")
    ]


def test_a_question_behind_one_that_is_never_asked_is_never_asked_either() -> None:
    wrong = changed("1.1.2", lambda one: replace(one, show_when=both(YES, NO)))
    wrong = changed("1.1.3", lambda one: replace(one, show_when=YOUNG), wrong)
    assert rows(problems(wrong)) == [
        ("question", "1.1.2", "", "show_when", Code.UNREACHABLE),
        ("question", "1.1.3", "", "show_when", Code.UNREACHABLE),
        ("section", "1.2", "", "show_when", Code.UNREACHABLE),
    ]


def test_an_impossible_part_is_named_and_not_all_that_is_in_it() -> None:
    one = small()
    last = replace(
        one.parts[0],
        id="2",
        show_when=both(YES, NO),
        sections=(Section("2.1", "Later", (Question("2.1.1", "En dan?", Kind.OPEN_TEXT),)),),
    )
    assert rows(problems(replace(one, parts=(*one.parts, last)))) == [
        ("part", "2", "", "show_when", Code.UNREACHABLE)
    ]


def test_a_search_that_takes_too_long_takes_it_for_possible() -> None:
    many = Group(Combine.ANY, tuple(both(YES, NO) for _ in range(3000)))
    assert problems(shown(many)) == ()
    few = Group(Combine.ANY, tuple(both(YES, NO) for _ in range(30)))
    assert rows(problems(shown(few))) == [(*AT_THIRD, "", "show_when", Code.UNREACHABLE)]


@given(doubtful_sets(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_never_asked_is_what_no_answers_lead_to(one: Questionnaire, stops: bool) -> None:
    if stops:
        one = changed("1.1", _stopping, one)
    asked = {place.question.id for answers in every_answer(one) for place in walk(one, answers)}
    assert never_asked(one) == {question.id for question in one.questions()} - asked


def _stopping(question: Question) -> Question:
    if question.kind is not Kind.YES_NO:
        return question
    rule = StopRule(Check(question.id, Test.IS, ("no",)), Effect.STOP, "Hier houdt het op.")
    return replace(question, stops=(rule,))


def never_asked(one: Questionnaire) -> set[str]:
    named = {(problem.scope, problem.id) for problem in problems(one) if problem.code is Code.UNREACHABLE}
    return {
        question.id
        for part, section in one.sections()
        for question in section.questions
        if named & {(Scope.PART, part.id), (Scope.SECTION, section.id), (Scope.QUESTION, question.id)}
    }


def every_answer(one: Questionnaire) -> Iterator[dict[Slot, Answer]]:
    """All answers to what conditions look at; in a repeated section the same for every item."""
    mentioned = {
        look.question
        for part, section in one.sections()
        for condition in (
            part.show_when,
            section.show_when,
            *(question.show_when for question in section.questions),
        )
        for look in _looks(condition)
    } | {section.repeat_for for _, section in one.sections()}
    mentioned |= {question.id for question in one.questions() if question.stops}
    repeated = {
        question.id for _, section in one.sections() if section.repeat_for for question in section.questions
    }
    looked_at = [question for question in one.questions() if question.id in mentioned]
    for chosen in itertools.product(*map(_every_choice, looked_at)):
        yield {
            Slot(question.id, item): answer
            for question, answer in zip(looked_at, chosen, strict=True)
            for item in (("a", "b", "none") if question.id in repeated else ("",))
        }


def _looks(condition: ShowWhen | None) -> Iterator[Check]:
    if isinstance(condition, Group):
        for member in condition.members:
            yield from _looks(member)
    elif condition is not None:
        yield condition


def _every_choice(question: Question) -> list[Answer]:
    if question.kind is not Kind.MULTI_CHOICE:
        return [Answer(), *(Answer(choice=one) for one in question.option_ids)]
    alone = {option.id for option in question.options if option.exclusive}
    sizes = range(min(question.max_items or 3, len(question.options)) + 1)
    ticked = [ticks for size in sizes for ticks in itertools.combinations(question.option_ids, size)]
    return [Answer(choices=ticks) for ticks in ticked if len(ticks) == 1 or not alone & set(ticks)]


ENGLISH = replace(small(), id="toets-en", language="en", title="Small test", translates="toets/1.0")


def translated(one: Questionnaire) -> list[Row]:
    return rows(problems(one, {"toets/1.0": small()}))


def test_a_translation_may_differ_in_words_only() -> None:
    assert translated(changed("1.2.1", lambda one: replace(one, text="How bad?"), ENGLISH)) == []
    assert translated(changed("1.2.1", lambda one: replace(one, optional=True), ENGLISH)) == [
        ("question", "1.2.1", "", "optional", Code.DIFFERS)
    ]
    assert translated(changed("1.2.1", lambda one: replace(one, id="1.2.2"), ENGLISH)) == [
        ("question", "1.2.2", "", "order", Code.DIFFERS),
        ("question", "1.2.1", "", "order", Code.DIFFERS),
    ]
    assert translated(replace(ENGLISH, translates="toets/0")) == [
        ("set", "", "", "translates", Code.NO_ORIGINAL)
    ]
    first, second = ENGLISH.parts[0].sections
    swapped = replace(first, questions=(first.questions[1], first.questions[0], first.questions[2]))
    moved = replace(ENGLISH, parts=(replace(ENGLISH.parts[0], sections=(swapped, second)),))
    assert translated(moved) == [("question", "1.1.2", "", "order", Code.DIFFERS)]
    assert problems(replace(ENGLISH, translates="toets/0")) == ()
