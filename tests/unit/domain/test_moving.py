from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState, ToCarry, slots_of, states
from ethiek.domain.moving import Move, Written, plan, route
from ethiek.domain.versions import compare
from ethiek.questionnaires.correspondences import Correspondence, Pair, Relation
from tests.question_sets import a_newer_version, a_questionnaire, complete_answers

OLD, NEW = a_questionnaire(), a_newer_version()
AT = datetime(2026, 1, 1, tzinfo=UTC)
DIFFERENCES = compare(OLD, NEW)
MOVE = Move(OLD, NEW, route(DIFFERENCES))
PRIVACY, EQUALITY = Slot("2.1.1", "privacy"), Slot("2.1.1", "equality")


def planned(answers: dict[Slot, Answer]) -> tuple[ToCarry, ...]:
    return plan(MOVE, DIFFERENCES, {slot: Written(answer, AT) for slot, answer in answers.items()})


def test_route_holds_what_goes_together_and_not_what_was_removed() -> None:
    assert route(DIFFERENCES) == {id_: [id_] for id_ in ("1.1.1", "1.1.4", "2.1.1", "1.1.2", "2.2.1")}


def test_route_of_a_split_question_names_the_closest_first() -> None:
    pairs = (Pair("1.1.1", "1.1.5", Relation.PARTLY), Pair("1.1.1", "1.1.1", Relation.CLOSE))
    found = route(compare(OLD, NEW, Correspondence(OLD.key, NEW.key, pairs)))
    assert found == {"1.1.1": ["1.1.1", "1.1.5"]}


def test_follow_keeps_the_item_only_while_the_option_is_there() -> None:
    assert MOVE.follow(PRIVACY) == (PRIVACY,)
    assert MOVE.follow(EQUALITY) == ()
    assert MOVE.follow(Slot("1.1.3")) == ()
    assert MOVE.follow(Slot("bestaat niet")) == ()


def test_follow_out_of_a_repeated_section_has_no_place() -> None:
    pairs = (Pair("2.1.1", "1.1.5", Relation.SAME), Pair("1.1.1", "2.1.1", Relation.SAME))
    move = Move(OLD, NEW, route(compare(OLD, NEW, Correspondence(OLD.key, NEW.key, pairs))))
    assert (move.follow(PRIVACY), move.follow(Slot("1.1.1"))) == ((), ())


def test_plan_says_where_every_answer_goes_and_what_to_confirm() -> None:
    text = Answer(text="Zo is het.")
    found = planned({Slot("1.1.1"): text, Slot("1.1.3"): text, PRIVACY: text, EQUALITY: text})
    assert found == (
        ToCarry(Slot("1.1.1"), text, True, Slot("1.1.1"), "1.1.1 Wat is de aanleiding?", AT),  # noqa: FBT003
        ToCarry(PRIVACY, text, False, PRIVACY, "2.1.1 Hoe zwaar is de inbreuk? (Privacy)", AT),  # noqa: FBT003
        ToCarry(None, text, False, Slot("1.1.3"), "1.1.3 Hoe lang al?", AT),  # noqa: FBT003
        ToCarry(
            None,
            text,
            False,  # noqa: FBT003
            EQUALITY,
            "2.1.1 Hoe zwaar is de inbreuk? (Gelijke behandeling)",
            AT,
        ),
    )


def test_plan_of_merged_questions_gives_the_place_to_what_fits_best() -> None:
    pairs = (Pair("1.1.1", "1.1.5", Relation.PARTLY), Pair("1.1.3", "1.1.5", Relation.CLOSE))
    differences = compare(OLD, NEW, Correspondence(OLD.key, NEW.key, pairs))
    answers = {
        Slot("1.1.1"): Written(Answer(text="Een."), AT),
        Slot("1.1.3"): Written(Answer(text="Twee."), AT),
    }
    found = plan(Move(OLD, NEW, route(differences)), differences, answers)
    assert [(str(item.source_slot), item.answer.text) for item in found] == [
        ("1.1.3", "Twee."),
        ("1.1.1", "Een."),
    ]
    assert states(NEW, found, frozenset()) == (CarriedState.PENDING, CarriedState.NOT_USED)


def test_states_when_an_option_is_gone_fills_nothing_in() -> None:
    both = planned({Slot("1.1.4"): Answer(choices=("privacy", "equality"))})
    one = planned({Slot("1.1.4"): Answer(choices=("privacy",))})
    assert states(NEW, both, frozenset()) == (CarriedState.NOT_USED,)
    assert states(NEW, one, frozenset()) == (CarriedState.PENDING,)


def test_slots_of_holds_every_item_of_a_repeated_section() -> None:
    assert [str(slot) for slot in slots_of(OLD)] == [
        "1.1.1",
        "1.1.2",
        "1.1.3",
        "1.1.4",
        "2.1.1@privacy",
        "2.1.1@equality",
        "2.2.1",
    ]


@given(st.sets(st.sampled_from(sorted(slots_of(OLD)))))
def test_plan_to_the_same_questions_gives_every_answer_its_own_place(slots: set[Slot]) -> None:
    full = complete_answers(OLD, {Slot("1.1.4"): Answer(choices=("privacy", "equality"))})
    same = replace(OLD, version="1.1")
    differences = compare(OLD, same)
    answers = {slot: Written(full.get(slot, Answer(text="Ja.")), AT) for slot in slots}
    found = plan(Move(OLD, same, route(differences)), differences, answers)
    assert {item.slot for item in found} == slots
    assert all(item.slot == item.source_slot and not item.needs_confirmation for item in found)
