"""IAMA 1.0 (2021) against the structure of the instrument, written down by hand."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.completeness import completeness
from ethiek.domain.walk import active_stops, not_asked, recalled, walk
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Effect, Kind, Option

IAMA: Final = load_catalogue().get("iama/1.0")
QUESTIONS: Final = {question.id: question for question in IAMA.questions()}
SECTIONS: Final = {section.id: section for _, section in IAMA.sections()}

NUMBERED: Final = """
    1.1.1 1.2.1 1.3.1 1.3.2 1.4.1 1.5.1 1.5.2 1.5.3
    2A.1.1 2A.2.1 2A.2.2 2A.3.1 2A.3.2 2A.4.1 2A.4.2 2A.4.3
    2B.1.1 2B.1.2 2B.1.3 2B.1.4 2B.2.1 2B.3.1 2B.3.2 2B.3.3 2B.3.4 2B.3.5 2B.3.6 2B.4.1 2B.4.2 2B.4.3 2B.4.4
    3.1.1 3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.5.1 3.5.2 3.5.3
    3.6.1 3.6.2 3.6.3 3.7.1 3.7.2 3.7.3
    4.1.1 4.2.1 4.3.1 4.4.1 4.5.1 4.6.1 4.7.1
""".split()  # noqa: SIM905 - reads as the instrument

UNNUMBERED: Final = """
    1.team 1.4.basis 1.5.safeguarded
    2A.team 2A.1.status 2A.2.input 2A.3.training 2B.2.external
    3.team 3.6.3.image
    4.team 4.rights 4.2.exhaustive 4.4.reachable 4.5.effective 4.5.concern
    4.6.measures 4.6.again 4.6.doubt 4.7.outweighs
""".split()  # noqa: SIM905 - reads as the instrument

WHO: Final = {
    "1.1": "client project-lead domain-expert citizen-panel interest-group",
    "1.2": "client project-lead citizen-panel interest-group",
    "1.3": "client management lawyer citizen-panel interest-group",
    "1.4": "lawyer client",
    "1.5": "client project-lead other-team ciso-cio",
    "2A.1": "data-scientist developer project-lead",
    "2A.2": "data-scientist developer data-owner",
    "2A.3": "data-scientist developer data-owner",
    "2A.4": "data-scientist developer data-owner",
    "2B.1": "data-scientist developer project-lead",
    "2B.2": "client project-lead lawyer",
    "2B.3": "data-scientist developer domain-expert",
    "2B.4": "project-lead data-scientist developer communication lawyer ethics",
    "3.1": "project-lead domain-expert ciso-cio ethics lawyer client",
    "3.2": "project-lead data-scientist hr ethics",
    "3.3": "project-lead data-scientist hr ethics client citizen-panel interest-group",
    "3.4": "project-lead data-scientist hr ethics lawyer",
    "3.5": "project-lead data-scientist hr ethics",
    "3.6": "project-lead client communication",
    "3.7": "project-lead client data-scientist",
    "4.rights": "project-lead domain-expert lawyer",
    "4.steps": "project-lead domain-expert lawyer",
}

PRIVACY: Final = "data-protection"
STEPS_3_TO_7: Final = [
    *("4.3.1", "4.4.1", "4.4.reachable", "4.5.1", "4.5.effective"),
    *("4.6.1", "4.6.measures", "4.7.1", "4.7.outweighs"),
]
"""Asked for a right that no law regulates completely, before any follow-up."""


def choosing(**choices: str) -> Answers:
    """Answers from ids with underscores for dots and ``x`` before them: ``x1_4_basis="missing"``."""
    return {Slot(id_[1:].replace("_", ".")): Answer(choice=choice) for id_, choice in choices.items()}


def asked(answers: Answers) -> list[str]:
    return [str(one.slot) for one in walk(IAMA, answers)]


def stops(answers: Answers) -> list[tuple[str, Effect]]:
    return [(str(stop.slot), stop.rule.effect) for stop in active_stops(IAMA, answers)]


def for_privacy(measures: tuple[str, ...] = (), **choices: str) -> dict[Slot, Answer]:
    """Answers for one affected right; choices as in :func:`choosing`."""
    return {
        Slot("4.rights"): Answer(choices=(PRIVACY,)),
        **{Slot(slot.question, PRIVACY): answer for slot, answer in choosing(**choices).items()},
        Slot("4.6.measures", PRIVACY): Answer(choices=measures),
    }


def steps(answers: Answers) -> list[str]:
    return [one.question.id for one in walk(IAMA, answers) if one.section.id == "4.steps"]


def grouped(options: tuple[Option, ...]) -> dict[str, int]:
    return dict(Counter(option.group for option in options))


def test_numbers_are_the_57_of_the_instrument_and_each_is_also_the_id() -> None:
    assert len(NUMBERED) == 57
    assert [(q.id, q.number) for q in IAMA.questions() if q.number] == [(nr, nr) for nr in NUMBERED]


def test_questions_without_a_number_say_where_they_come_from() -> None:
    assert [question.id for question in IAMA.questions() if not question.number] == UNNUMBERED
    said = {id_: QUESTIONS[id_].note.split(",")[0].split(" zonder ")[0] for id_ in UNNUMBERED}
    fields = dict.fromkeys(("1.team", "2A.team", "3.team", "4.team"), "Het IAMA heeft hier een invulveld")
    assert said == {
        **dict.fromkeys(UNNUMBERED, "Vraag van onszelf"),
        **fields,
        "3.6.3.image": "Dit is de tweede helft van vraag 3.6.3. Die geldt alleen als jullie de uitkomst in beeld"
        " laten zien. Een eigen nummer heeft deze helft niet.",
    }


def test_parts_have_the_number_of_questions_of_the_instrument() -> None:
    counts = {
        part.number: sum(bool(question.number) for section in part.sections for question in section.questions)
        for part in IAMA.parts
    }
    assert counts == {"1": 8, "2A": 8, "2B": 15, "3": 19, "4": 7}


def test_sections_are_the_themes_of_the_instrument_and_the_steps_are_one() -> None:
    themes = {"1": 5, "2A": 4, "2B": 4, "3": 7}
    assert [section.number for _, section in IAMA.sections() if section.number] == [
        f"{part}.{theme + 1}" for part, count in themes.items() for theme in range(count)
    ]
    assert {id_: one.repeat_for for id_, one in SECTIONS.items() if one.repeat_for} == {"4.steps": "4.rights"}


@pytest.mark.parametrize(("section", "who"), WHO.items())
def test_roles_are_those_of_the_theme(section: str, who: str) -> None:
    assert {question.who for question in SECTIONS[section].questions} == {tuple(who.split())}


def test_roles_of_every_theme_are_in_the_table() -> None:
    teams = ["1.team", "2A.team", "3.team", "4.team"]
    assert sorted(SECTIONS) == sorted([*WHO, *teams])
    assert {SECTIONS[team].questions[0].who for team in teams} == {("project-lead",)}


def test_roles_are_the_sixteen_of_the_instrument() -> None:
    assert [role.label for role in IAMA.roles] == [
        "Belangengroep",
        "Bestuur",
        "Burgerpanel",
        "CISO of CIO",
        "Communicatieadviseur",
        "Data scientist",
        "Databeheerder of bronhouder",
        "Domeinexpert (medewerker met domeinkennis)",
        "Functionaris Gegevensbescherming",
        "HR-medewerker",
        "Jurist",
        "Ontwikkelaar algoritme",
        "Opdrachtgever",
        "Overige leden projectteam",
        "Projectleider",
        "Strategisch adviseur ethiek",
    ]


def test_official_questions_are_open_texts_but_for_three_choices() -> None:
    others = {nr: QUESTIONS[nr].kind for nr in NUMBERED if QUESTIONS[nr].kind is not Kind.OPEN_TEXT}
    assert others == {"2B.1.1": Kind.CHOICE, "3.6.3": Kind.YES_NO, "4.3.1": Kind.CHOICE}
    assert [option.id for option in QUESTIONS["2B.1.1"].options] == ["rule-based", "self-learning"]
    assert [option.id for option in QUESTIONS["4.3.1"].options] == ["red", "orange", "green"]
    assert QUESTIONS["2B.1.1"].explain
    assert QUESTIONS["4.3.1"].explain


def test_rights_are_31_in_four_clusters() -> None:
    options = QUESTIONS["4.rights"].options
    assert grouped(options) == {
        "Rechten van de persoon": 10,
        "Vrijheidsrechten": 6,
        "Gelijkheidsrechten": 8,
        "Procedurele rechten": 7,
        "": 1,
    }
    assert [option.id for option in options if option.exclusive] == ["none"]


def test_rights_that_version_two_also_has_keep_their_option_id() -> None:
    second = load_catalogue().get("iama/2.0")
    lists = {question.id: question.options for question in second.questions()}
    ours = {option.id for option in QUESTIONS["4.rights"].options}
    assert ours - {option.id for option in lists["4.1.realistic"]} == {"criminal-safeguards"}
    assert {option.id for option in lists["4.1.realistic"]} <= ours


def test_measures_are_a_list_of_seven_and_twelve() -> None:
    options = QUESTIONS["4.6.measures"].options
    assert grouped(options) == {
        "Problemen voorkomen bij ontwikkeling en gebruik": 7,
        "Regels en bestuur": 12,
        "": 1,
    }
    assert [option.id for option in options if option.exclusive] == ["none"]


def test_recalls_are_those_of_the_instrument() -> None:
    assert {question.id: question.recalls for question in IAMA.questions() if question.recalls} == {
        "2B.1.3": ("1.2.1",),
        "2B.3.2": ("2B.3.1",),
        "2B.4.4": ("2B.4.3",),
        "3.3.3": ("1.1.1", "1.2.1"),
        "3.3.4": ("1.3.1", "1.3.2"),
        "4.4.1": ("1.2.1",),
        "4.5.1": ("1.2.1",),
        "4.7.1": ("1.3.2",),
    }


def test_goals_come_back_at_the_steps_of_a_right() -> None:
    every = walk(IAMA, for_privacy(x4_2_exhaustive="partly"))
    here = next(one for one in every if one.slot == Slot("4.4.1", PRIVACY))
    assert [one.slot for one in recalled(every, here)] == [Slot("1.2.1")]


def test_values_come_with_the_words_of_the_codio() -> None:
    assert {question.id: question.suggests for question in IAMA.questions() if question.suggests} == {
        "1.3.1": "codio",
        "1.3.2": "codio",
    }


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in IAMA.questions() if not (question.why and question.who)] == []


def test_only_who_filled_in_a_part_may_stay_open() -> None:
    assert [question.id for question in IAMA.questions() if question.optional] == [
        *("1.team", "2A.team", "3.team", "4.team"),
    ]


@pytest.mark.parametrize(
    ("answers", "last", "effect"),
    [
        (choosing(x1_4_basis="missing"), "1.4.basis", Effect.STOP),
        (choosing(x1_5_safeguarded="no"), "1.5.safeguarded", Effect.STOP),
        (choosing(x2A_1_status="none"), "2A.1.status", Effect.PAUSE),
    ],
    ids=["no legal basis", "no safeguarded responsibilities", "no idea of the kind of algorithm"],
)
def test_nothing_more_is_asked_where_the_instrument_stops_or_pauses(
    answers: Answers, last: str, effect: Effect
) -> None:
    assert asked(answers)[-1] == last
    assert stops(answers) == [(last, effect)]
    assert completeness(IAMA, answers).stopped


@pytest.mark.parametrize(
    "answers",
    [
        choosing(x1_4_basis="adequate"),
        choosing(x1_4_basis="no-interference"),
        choosing(x1_5_safeguarded="yes"),
        choosing(x2A_1_status="one"),
        choosing(x2A_1_status="several"),
        {},
    ],
)
def test_other_answers_there_let_the_team_go_on(answers: Answers) -> None:
    assert asked(answers) == asked({})
    assert asked(answers)[-1] == "4.rights"
    assert stops(answers) == []


def test_several_candidates_are_to_be_answered_one_by_one() -> None:
    several = next(option for option in QUESTIONS["2A.1.status"].options if option.id == "several")
    assert several.help == "Beantwoord de volgende vragen voor elke mogelijkheid apart."


@pytest.mark.parametrize(
    ("switch", "follow_ups"),
    [
        ("2A.2.input", ["2A.2.1", "2A.2.2", "2A.3.1", "2A.3.training"]),
        ("2B.2.external", ["2B.2.1"]),
        ("3.6.3", ["3.6.3.image"]),
    ],
)
def test_follow_ups_are_asked_after_yes_and_skipped_after_no(switch: str, follow_ups: list[str]) -> None:
    yes, no = ({Slot(switch): Answer(choice=choice)} for choice in ("yes", "no"))
    assert [id_ for id_ in asked(yes) if id_ not in asked(no)] == follow_ups
    assert [id_ for id_ in asked(no) if id_ not in asked(yes)] == []


def test_without_input_data_the_questions_go_on_at_security() -> None:
    ids = asked(choosing(x2A_2_input="no"))
    assert ids[ids.index("2A.2.input") + 1] == "2A.4.1"


def test_training_data_are_asked_about_only_when_there_are_any() -> None:
    ids = {
        training: asked(choosing(x2A_2_input="yes", x2A_3_training=training)) for training in ("yes", "no")
    }
    assert [id_ for id_ in ids["yes"] if id_ not in ids["no"]] == ["2A.3.2"]
    assert "2A.3.2" not in asked(choosing(x2A_2_input="no", x2A_3_training="yes"))


def test_steps_are_asked_per_affected_right_and_not_for_none() -> None:
    two = {Slot("4.rights"): Answer(choices=("expression", "fair-trial"))}
    first = ["4.1.1", "4.2.1", "4.2.exhaustive"]
    assert asked(two)[-6:] == [f"{id_}@{right}" for right in ("expression", "fair-trial") for id_ in first]
    assert steps({Slot("4.rights"): Answer(choices=("none",))}) == []


def test_steps_three_to_seven_are_skipped_for_a_right_that_the_law_regulates_completely() -> None:
    start = ["4.1.1", "4.2.1", "4.2.exhaustive"]
    assert steps(for_privacy()) == start
    assert steps(for_privacy(x4_2_exhaustive="exhaustive", x4_3_1="red")) == start
    assert steps(for_privacy(x4_2_exhaustive="partly")) == [*start, *STEPS_3_TO_7]
    assert steps(for_privacy(x4_2_exhaustive="none")) == [*start, *STEPS_3_TO_7]


def test_a_law_on_one_right_leaves_the_steps_of_another() -> None:
    answers = {
        Slot("4.rights"): Answer(choices=(PRIVACY, "expression")),
        Slot("4.2.exhaustive", PRIVACY): Answer(choice="exhaustive"),
        Slot("4.2.exhaustive", "expression"): Answer(choice="none"),
    }
    places = [one.slot.item for one in walk(IAMA, answers) if one.question.id in STEPS_3_TO_7]
    assert places == ["expression"] * len(STEPS_3_TO_7)


@pytest.mark.parametrize(
    ("colour", "effective", "warned"),
    [
        ("red", "limited", True),
        ("orange", "limited", True),
        ("green", "limited", False),
        ("red", "effective", False),
        ("orange", "effective", False),
    ],
)
def test_a_means_that_works_badly_warns_for_red_and_orange_only(
    colour: str, effective: str, *, warned: bool
) -> None:
    answers = for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_5_effective=effective)
    assert ("4.5.concern" in steps(answers)) is warned
    assert stops(answers) == [(f"4.5.concern@{PRIVACY}", Effect.WARN)] * warned


@pytest.mark.parametrize(("colour", "is_asked"), [("red", True), ("orange", True), ("green", False)])
def test_doubt_about_the_necessity_warns_for_red_and_orange_only(colour: str, *, is_asked: bool) -> None:
    answers = for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_6_doubt="yes")
    assert ("4.6.doubt" in steps(answers)) is is_asked
    assert stops(answers) == [(f"4.6.doubt@{PRIVACY}", Effect.WARN)] * is_asked
    assert stops(for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_6_doubt="no")) == []


def test_goals_that_cannot_be_reached_warn() -> None:
    assert stops(for_privacy(x4_2_exhaustive="none", x4_4_reachable="no")) == [
        (f"4.4.reachable@{PRIVACY}", Effect.WARN)
    ]
    assert stops(for_privacy(x4_2_exhaustive="none", x4_4_reachable="yes")) == []


@pytest.mark.parametrize(
    "measure", [option.id for option in QUESTIONS["4.6.measures"].options if not option.exclusive]
)
def test_a_measure_warns_that_the_steps_are_to_be_taken_again(measure: str) -> None:
    answers = for_privacy(measures=(measure,), x4_2_exhaustive="none")
    assert stops(answers) == [(f"4.6.measures@{PRIVACY}", Effect.WARN)]
    assert "4.6.again" in steps(answers)


def test_no_measure_asks_and_warns_nothing() -> None:
    answers = for_privacy(measures=("none",), x4_2_exhaustive="none")
    assert stops(answers) == []
    assert steps(answers) == ["4.1.1", "4.2.1", "4.2.exhaustive", *STEPS_3_TO_7]


def test_a_weighing_that_comes_out_negative_cannot_be_completed() -> None:
    against = for_privacy(x4_2_exhaustive="none", x4_7_outweighs="does-not")
    assert stops(against) == [(f"4.7.outweighs@{PRIVACY}", Effect.STOP)]
    assert completeness(IAMA, against).stopped
    in_favour = for_privacy(x4_2_exhaustive="none", x4_7_outweighs="outweighs")
    assert stops(in_favour) == []
    assert not completeness(IAMA, in_favour).stopped


def test_one_way_comes_past_every_question() -> None:
    answers = {
        **choosing(x2A_2_input="yes", x2A_3_training="yes", x2B_2_external="yes"),
        Slot("3.6.3"): Answer(choice="yes"),
        **for_privacy(measures=("audits",), x4_2_exhaustive="partly", x4_3_1="red", x4_5_effective="limited"),
    }
    assert not_asked(IAMA, answers) == ()


def test_the_set_says_that_a_newer_version_took_its_place() -> None:
    assert all("IAMA 2.0" in line for line in IAMA.choose_when)
