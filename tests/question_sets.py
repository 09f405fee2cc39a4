"""A small question set for tests, and answers to any set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.completeness import completeness
from ethiek.questionnaires.model import (
    Check,
    Column,
    Conclusion,
    Effect,
    Kind,
    Level,
    Option,
    Part,
    Question,
    Questionnaire,
    Role,
    Section,
    Source,
    StopRule,
    Test,
    TextLimits,
)

FIRST: Final = Slot("1.1.1")
"""A question that is always asked."""

RIGHTS: Final = (Option("privacy", "Privacy"), Option("equality", "Gelijke behandeling"))


def a_questionnaire() -> Questionnaire:
    """A small set with a question of most kinds, a branch, a repeated section, a table and a warning."""
    start = Section(
        "1.1",
        "Aanleiding",
        (
            Question("1.1.1", "Wat is de aanleiding?", Kind.OPEN_TEXT, number="1.1.1"),
            Question(
                "1.1.2",
                "Wordt het al gebruikt?",
                Kind.YES_NO,
                number="1.1.2",
                stops=(
                    StopRule(
                        Check("1.1.2", Test.IS, ("yes",)), Effect.WARN, "Toets liever voor het gebruik."
                    ),
                ),
            ),
            Question(
                "1.1.3",
                "Hoe lang al?",
                Kind.SHORT_TEXT,
                number="1.1.3",
                show_when=Check("1.1.2", Test.IS, ("yes",)),
            ),
            Question("1.1.4", "Welke rechten raakt het?", Kind.MULTI_CHOICE, number="1.1.4", options=RIGHTS),
        ),
        number="1.1",
    )
    per_right = Section(
        "2.1",
        "Per recht",
        (Question("2.1.1", "Hoe zwaar is de inbreuk?", Kind.OPEN_TEXT, number="2.1.1"),),
        number="2.1",
        repeat_for="1.1.4",
    )
    actions = Section(
        "2.2",
        "Acties",
        (
            Question(
                "2.2.1",
                "Welke acties volgen?",
                Kind.TABLE,
                number="2.2.1",
                optional=True,
                actions=True,
                columns=(Column("what", "Wat"), Column("when", "Wanneer", Kind.DATE)),
            ),
        ),
        number="2.2",
    )
    return Questionnaire(
        id="proef",
        version="1.0",
        title="Proeftoets 1.0",
        short_title="Proeftoets",
        language="nl",
        choose_when=("Kies deze bij een algoritme.", "Kies een andere bij data."),
        source=Source("Handreiking", "Proefuitgeverij", 2026, "eerste druk", "De formulering is van ons."),
        roles=(Role("jurist", "Jurist"),),
        parts=(
            Part("1", "Waarom?", (start,), number="1"),
            Part("2", "Grondrechten", (per_right, actions), number="2"),
        ),
    )


def a_scan() -> Questionnaire:
    """A small set that may stop or pause, wants one short sentence, and concludes what else a project needs."""
    start = Section(
        "1.1",
        "Vooraf",
        (
            Question(
                "banned",
                "Is het verboden?",
                Kind.YES_NO,
                stops=(StopRule(Check("banned", Test.IS, ("yes",)), Effect.STOP, "Dit mag niet."),),
            ),
            Question(
                "data",
                "Ontbreekt het overzicht van de gegevens?",
                Kind.YES_NO,
                stops=(
                    StopRule(Check("data", Test.IS, ("yes",)), Effect.PAUSE, "Maak eerst een overzicht."),
                ),
            ),
        ),
    )
    about = Section(
        "1.2",
        "Waarover",
        (
            Question("people", "Raakt het mensen?", Kind.YES_NO),
            Question("profile", "Deelt het mensen in?", Kind.YES_NO, show_when=IF_PEOPLE),
            Question(
                "moral",
                "Wat is de morele vraag?",
                Kind.SHORT_TEXT,
                optional=True,
                limits=TextLimits(max_words=15, one_sentence=True, without=("hoe", ",", "€")),
                suggests="codio",
            ),
            Question(
                "values",
                "Welke waarden spelen mee?",
                Kind.TABLE,
                optional=True,
                columns=(
                    Column("value", "Waarde", suggests="codio"),
                    Column("why", "Waarom", Kind.OPEN_TEXT),
                ),
            ),
        ),
    )
    return replace(
        a_questionnaire(),
        id="scan",
        title="Proefscan 1.0",
        short_title="Proefscan",
        parts=(Part("1", "Vooraf", (start, about)),),
        conclusions=(
            Conclusion("proef", "De proeftoets", Level.REQUIRED, IF_PROFILE, "Het deelt mensen in.", "proef"),
            Conclusion("proef", "De proeftoets", Level.RECOMMENDED, IF_PEOPLE, "Het raakt mensen.", "proef"),
            Conclusion("register", "Het register", Level.REQUIRED, IF_PROFILE, "De wet vraagt dit.", "weg"),
            Conclusion(
                "elsewhere", "Een andere toets", Level.NOT_NEEDED, IF_PEOPLE, "Dat hoeft niet.", "proef"
            ),
        ),
    )


IF_PEOPLE: Final = Check("people", Test.IS, ("yes",))
IF_PROFILE: Final = Check("profile", Test.IS, ("yes",))


def a_newer_version() -> Questionnaire:
    """The set above, a version later: other words, an option gone, a question gone, one new and one moved.

    ``1.1.1`` has other words, ``1.1.3`` is gone, ``1.1.4`` has no "equality" any more, ``1.1.5`` is new; ``1.1.2`` is
    the same and stands in another section.
    """
    old = a_questionnaire()
    first, (per_right, actions) = old.parts[0].sections[0], old.parts[1].sections
    why, used, _how_long, rights = first.questions
    fewer = (*RIGHTS[:1], Option("speech", "Vrije meningsuiting"))
    start = replace(
        first,
        questions=(
            replace(why, text="Wat is de aanleiding, en voor wie?"),
            replace(rights, options=fewer),
            Question("1.1.5", "Wie beslist?", Kind.SHORT_TEXT, number="1.1.5", optional=True),
        ),
    )
    actions = replace(actions, questions=(used, *actions.questions))
    parts = (replace(old.parts[0], sections=(start,)), replace(old.parts[1], sections=(per_right, actions)))
    return replace(old, version="1.1", title="Proeftoets 1.1", parts=parts)


def complete_answers(
    questionnaire: Questionnaire, given: Mapping[Slot, Answer] | None = None
) -> dict[Slot, Answer]:
    """Return an answer to every mandatory question that is asked, starting from those given."""
    known = {question.id: question for question in questionnaire.questions()}
    found = dict(given or {})
    while missing := completeness(questionnaire, found).missing:
        for slot in missing:
            found[slot] = an_answer(known[slot.question])
    return found


def an_answer(question: Question) -> Answer:
    """Return a valid answer that takes no branch: the last option, or "no"."""
    text = f"Antwoord op {question.number or question.id}."
    explained = text if question.explain else ""
    options = [option.id for option in question.options]
    by_kind = {
        Kind.YES_NO: Answer(choice="no", text=explained),
        Kind.CHOICE: Answer(choice=(options or [""])[-1], text=explained),
        Kind.MULTI_CHOICE: Answer(choices=tuple(options[:1]), text=explained),
        Kind.DATE: Answer(date="2026-09-01"),
        Kind.NUMBER: Answer(number="12"),
        Kind.TABLE: Answer(rows=({column.id: _cell(column) for column in question.columns},)),
    }
    return by_kind.get(question.kind, Answer(text=text))


def _cell(column: Column) -> str:
    if column.kind is Kind.DATE:
        return "2026-09-01"
    return column.options[0].id if column.options else f"Cel {column.label}"


def a_later_iama(old: Questionnaire) -> Questionnaire:
    """A made-up version after a published one: other words, a question and an option gone, others new."""
    first = next(iter(old.questions()))
    gone = next(one for one in old.questions() if _stands_alone(old, one) and one is not first)
    listed = next(one for one in old.questions() if one.kind is Kind.MULTI_CHOICE and len(one.options) > 2)
    changed = {
        first.id: replace(first, text=f"{first.text} Leg dat uit aan iemand die er niet bij was."),
        listed.id: replace(listed, options=(*listed.options[1:], Option("toegevoegd", "Iets anders"))),
    }
    asked_last = Question("n-1", "Wie legt dit uit aan inwoners?", Kind.OPEN_TEXT, optional=True)

    def section_of(section: Section) -> Section:
        kept = tuple(changed.get(one.id, one) for one in section.questions if one is not gone)
        return replace(section, questions=(*kept, asked_last) if first in section.questions else kept)

    parts = tuple(
        replace(part, sections=tuple(section_of(section) for section in part.sections)) for part in old.parts
    )
    return replace(old, version="2.1", short_title="IAMA 2.1", title=f"{old.title}, herzien", parts=parts)


def _stands_alone(questionnaire: Questionnaire, question: Question) -> bool:
    """Tell whether nothing else in the set refers to a question, so that it can be left out."""
    others = [
        (one.show_when, one.recalls, one.stops) for one in questionnaire.questions() if one is not question
    ]
    around = [(part.show_when, one.show_when, one.repeat_for) for part, one in questionnaire.sections()]
    refers = f"'{question.id}'" in repr((others, around))
    plain = question.kind is Kind.OPEN_TEXT and not question.show_when
    shares = any(
        len(section.questions) > 1 and question in section.questions
        for _part, section in questionnaire.sections()
    )
    return plain and shares and not refers


def with_questions(questionnaire: Questionnaire, changed: Mapping[str, Question]) -> Questionnaire:
    """Return the same set with some questions replaced, by id."""
    return replace(
        questionnaire,
        parts=tuple(
            replace(
                part,
                sections=tuple(
                    replace(
                        section,
                        questions=tuple(changed.get(one.id, one) for one in section.questions),
                    )
                    for section in part.sections
                ),
            )
            for part in questionnaire.parts
        ),
    )
