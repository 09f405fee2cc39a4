"""Answers files as the Invulhulpen write them, and as somebody else might."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Slot
from ethiek.errors import InputError, NotFoundError, QuestionnaireError
from ethiek.exchange.answers_file import Loss, Meta, Why, export_answers, read_answers, without_place
from ethiek.exchange.answers_json import MAX_BYTES, SCHEMA_URL
from ethiek.questionnaires.answer_ids import answer_ids, parse_answer_ids
from ethiek.questionnaires.catalogue import load_catalogue
from tests.question_sets import a_questionnaire

IAMA = load_catalogue().get("iama/2.0")
AT = "2026-02-01T08:15:00.000Z"
MOMENT = datetime(2026, 2, 1, 8, 15, tzinfo=UTC)
PRIVACY = "Recht op persoonsgegevensbescherming / informationele privacyrechten"


def a_file(answers: object, urn: object = "urn:nl:iama:2.0", **more: object) -> bytes:
    metadata = {"urn": urn, "createdAt": AT}
    return json.dumps({"$schema": SCHEMA_URL, "metadata": metadata, "answers": answers, **more}).encode()


def one(key: str, value: object) -> dict[str, Any]:
    return {key: {"value": value, "lastEditedAt": AT}}


def test_a_file_as_the_invulhulpen_write_it_is_read() -> None:
    answers = {
        **one("1.1.1", "Te veel drukte."),
        **one("1.3.1", "false"),
        **one("1.3.2", "true"),
        **one("1.3.4", "De Wegenwet."),
        **one("1.4.1.1", "De leverancier bouwt."),
        **one("1.4.1.3", "Wij beheren."),
        "1.actiepunten.tekst": [{"_index": 0}, {"_index": 1}],
        **one("1.actiepunten.tekst[0]", "Bord plaatsen"),
        **one("1.actiepunten.tekst[1]", "Nog eens kijken"),
        **one("2.1.1.1", "zelflerend"),
        **one("4.1.1.1", [PRIVACY]),
        **one("4.1.1.2", "Beelden van mensen."),
        **one("1.1.2", None),
        **one("1.4.2", ""),
    }
    found = read_answers(a_file(answers), IAMA)
    assert found.losses == ()
    assert found.answers == {
        Slot("1.1.1"): Answer(text="Te veel drukte."),
        Slot("1.3.1"): Answer(choice="no"),
        Slot("1.3.2"): Answer(choice="yes", text="De Wegenwet."),
        Slot("1.4.1"): Answer(
            rows=(
                {"phase": "development", "responsibility": "De leverancier bouwt."},
                {"phase": "maintenance", "responsibility": "Wij beheren."},
            )
        ),
        Slot("1.actions"): Answer(rows=({"action": "Bord plaatsen"}, {"action": "Nog eens kijken"})),
        Slot("2.1.1"): Answer(choice="self-learning"),
        Slot("4.1.affected"): Answer(choices=("data-protection",), text="Beelden van mensen."),
    }
    assert found.edited == dict.fromkeys(found.answers, MOMENT)
    assert found.created_at == MOMENT


def test_repeated_answers_in_groups_are_read_too() -> None:
    group = [
        {"_index": 1, **one("1.actiepunten.tekst", "B")},
        {"_index": 0, **one("1.actiepunten.tekst", "A")},
    ]
    found = read_answers(a_file({"1.actiepunten.tekst": group}), IAMA).answers
    assert found == {Slot("1.actions"): Answer(rows=({"action": "A"}, {"action": "B"}))}


def test_booleans_that_are_no_text_are_read() -> None:
    assert read_answers(a_file({"1.3.1": {"value": True}}), IAMA).answers == {
        Slot("1.3.1"): Answer(choice="yes")
    }


def test_a_text_per_right_goes_to_the_only_right_there_is() -> None:
    chosen = "== Aantasting / Keuze ==\nGoede naam"
    answers = {**one("4.3.1", "Weegt zwaar."), **one("4.1.3", chosen)}
    found = read_answers(a_file(answers), IAMA)
    assert found.answers[Slot("4.3.1", "reputation")] == Answer(text="Weegt zwaar.")
    assert found.losses == ()


@pytest.mark.parametrize(
    ("key", "value", "why", "text"),
    [
        ("9.9", "Tekst", Why.UNKNOWN_FIELD, "Tekst"),
        ("1.1", "Een kop is geen vraag", Why.UNKNOWN_FIELD, "Een kop is geen vraag"),
        ("1.1.1[3]", "Herhaald", Why.UNKNOWN_FIELD, "Herhaald"),
        ("__proto__", "x", Why.UNKNOWN_FIELD, "x"),
        ("1.1.1", {"data": "data:image/png;base64,AAAA", "title": "Foto"}, Why.IMAGE, ""),
        ("1.1.1", {"vreemd": 1}, Why.NO_VALUE, ""),
        ("1.1.1", [1, 2], Why.NO_VALUE, ""),
        ("1.3.1", "misschien", Why.NO_OPTION, "misschien"),
        ("4.1.1.1", ["Recht op rust"], Why.NO_OPTION, "Recht op rust"),
        ("4.3.1", "Weegt zwaar.", Why.FOR_WHICH, "Weegt zwaar."),
        ("1.1.1", "x" * 20_001, Why.NOT_STORABLE, "x" * 20_001),
        ("1.1.1", "bel\x07 \ud800", Why.NOT_STORABLE, "bel⟨U+0007⟩ ⟨U+D800⟩"),
    ],
)
def test_what_has_no_place_is_listed_with_its_text(key: str, value: object, why: Why, text: str) -> None:
    found = read_answers(a_file(one(key, value)), IAMA)
    assert found.answers == {}
    [loss] = found.losses
    assert (loss.why, loss.text) == (why, text)


def test_a_field_that_comes_twice_is_listed() -> None:
    twice = {
        **one("1.actiepunten.tekst[0]", "A"),
        "1.actiepunten.tekst": [{"_index": 0, **one("1.actiepunten.tekst", "B")}],
    }
    found = read_answers(a_file(twice), IAMA)
    assert found.answers == {Slot("1.actions"): Answer(rows=({"action": "A"},))}
    assert found.losses == (Loss("1.actiepunten.tekst[0]", Why.TWICE, "B", MOMENT),)


def test_a_choice_that_is_unknown_leaves_the_others() -> None:
    found = read_answers(a_file(one("4.1.1.1", ["Recht op rust", PRIVACY])), IAMA)
    assert found.answers == {Slot("4.1.affected"): Answer(choices=("data-protection",))}
    assert found.losses == (Loss("4.1.1.1", Why.NO_OPTION, "Recht op rust", MOMENT),)


def test_text_without_a_name_never_mixes_with_a_numbered_row() -> None:
    answers = {**one("1.4.1.1", "Vrij getypt."), **one("1.4.1.2", "== 1. Organisatie en functie ==\nWij")}
    found = read_answers(a_file(answers), IAMA).answers
    assert found[Slot("1.4.1")].rows == (
        {"phase": "deployment", "party": "Wij"},
        {"phase": "development", "responsibility": "Vrij getypt."},
    )


def test_our_own_member_is_read_with_suspicion() -> None:
    good = {"question": "1.3.1", "item": "", "answer": {"text": "Zie bijlage."}}
    bad = [
        {"question": "9", "item": "", "answer": {}},
        {"question": "1.1.1", "item": "", "answer": {"text": 5}},
        7,
    ]
    found = read_answers(a_file({}, ethiek={"without_place": [good, *bad]}), IAMA)
    assert found.answers == {Slot("1.3.1"): Answer(text="Zie bijlage.")}
    assert [loss.field for loss in found.losses] == ["ethiek"] * 3


def test_what_has_no_place_there_is_listed_and_taken_along() -> None:
    answers = {Slot("1.3.1"): Answer(choice="no", text="Getoetst."), Slot("1.1.1"): Answer(text="x")}
    left = {Slot("1.3.1"): Answer(text="Getoetst.")}
    assert without_place(IAMA, answers) == left
    document = json.loads(export_answers(IAMA, answers, Meta(MOMENT, {})))
    assert document["ethiek"] == {
        "format": "ethiek-answers/1",
        "questionnaire": "iama/2.0",
        "without_place": [{"question": "1.3.1", "item": "", "answer": {"text": "Getoetst."}}],
    }
    assert document["answers"]["1.3.1"]["value"] == "false"


def test_a_written_field_can_be_read_by_people() -> None:
    answers = {
        Slot("1.2.1"): Answer(
            rows=({"value": "Rust", "how": "Minder verkeer."},),
            considerations="Bijna unaniem.",
            dissent="Yara: stilte.",
        ),
    }
    value = json.loads(export_answers(IAMA, answers, Meta(MOMENT, {})))["answers"]["1.2.1"]["value"]
    assert value == (
        "== 1. Waarde ==\nRust\n\n== 1. Hoe draagt het algoritme hieraan bij? ==\nMinder verkeer.\n\n"
        "== Overwegingen ==\nBijna unaniem.\n\n== Afwijkend standpunt ==\nYara: stilte."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b"PK\x03\x04", "not_json"),
        (b"{", "not_json"),
        (b'{"metadata":{},"metadata":{}}', "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "not_json"),
        (b"[]", "no_answers_file"),
        (b"{}", "no_answers_file"),
        (a_file([]), "no_answers_file"),
        (a_file({}, urn=None), "no_answers_file"),
        (a_file({}, urn="urn:nl:dpia:3.0"), "other_instrument"),
        (a_file({}, urn="urn:nl:iama:1.0"), "other_instrument"),
        (b" " * (MAX_BYTES + 1), "file_too_large"),
        (a_file({str(number): {"value": "x"} for number in range(2001)}), "too_many_answers"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_clear_error(data: bytes, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        read_answers(data, IAMA)
    assert (refused.value.field, refused.value.reason) == ("file", reason)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "_index", "lastEditedAt", "data", "1.1.1"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["1.1.1", "1.3.1", "4.1.1.1", "4.1.3", "4.3.1", "1.4.1.1", "1.actiepunten.tekst", "5.C", "9"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_KEYS, _JSON | st.builds(lambda value: {"value": value}, _JSON), max_size=5), _JSON)
def test_any_json_is_read_or_listed(answers: dict[str, Any], own: object) -> None:
    found = read_answers(a_file(answers, ethiek=own), IAMA)
    assert all(answer != Answer() for answer in found.answers.values())


def test_sets_that_the_invulhulpen_do_not_have_have_no_answers_file() -> None:
    deda = load_catalogue().get("deda/nl-2025")
    assert answer_ids(deda) is None
    with pytest.raises(NotFoundError):
        read_answers(a_file({}), deda)
    own = answer_ids(a_questionnaire())
    assert own is not None
    assert own.urn == "urn:nl:proef:1.0"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tasks: []", 1),
        ('questionnaire: "a/1"\nurn: "nl:a:1.0"\ntasks:\n  - {id: "1", question: "1", holds: text}', 2),
        ('questionnaire: "a/1"\nurn: "urn:nl:a:1.0"\ntasks:\n  - {id: "1", question: "1", holds: all}', 4),
    ],
)
def test_a_data_file_that_is_not_valid_names_the_line(text: str, line: int) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        parse_answer_ids(text, "a.yaml")
    assert f"line {line}" in refused.value.where


def test_a_list_of_values_that_is_not_there_is_named() -> None:
    text = 'questionnaire: "a/1"\nurn: "urn:nl:a:1.0"\ntasks:\n  - {id: "1", question: "1", holds: choice, values: v}'
    with pytest.raises(QuestionnaireError) as refused:
        parse_answer_ids(text, "a.yaml")
    assert "values v" in refused.value.reason
