from __future__ import annotations

from typing import Any

import pytest

from ethiek.domain.grounds import BY_CODE, GROUNDS
from ethiek.domain.leftovers import Leftover, LeftoverKind, leftovers
from ethiek.domain.redactions import (
    NUMBER_OF_MARKS,
    Redaction,
    check_redaction,
    mark_of,
    named_marks,
    redact,
)
from ethiek.errors import InputError
from ethiek.reports.publishing import printed_forms

E = "5.1.2.e"
BOX = mark_of(E)


def documents() -> dict[str, Any]:
    return {
        "snapshot": {
            "format": "ethiek-snapshot/2",
            "dossier": {"id": "0b7c9d5e", "title": "Noor telt"},
            "answers": [
                {"question": "q1", "item": "", "answer": {"text": "Noor en Yara.", "considerations": "Yara"}},
                {"question": "q2", "item": "", "answer": {"choice": "noor", "date": "2027-01-31"}},
                {
                    "question": "q3",
                    "item": "",
                    "answer": {"rows": [{"who": "Noor", "what": "A"}, {"who": "Yara"}]},
                },
            ],
            "attachments": [{"question": "q1", "item": "", "name": "Noor.pdf", "sha256": "ab", "size": 3}],
        },
        "advice": {"verdict": "noor", "surprise": {"deep": ["Noor", 7, None, True]}},
        "questionnaire": {"parts": [{"id": "noor", "title": "Wat vindt Noor?"}]},
    }


def leave_out(*given: Redaction) -> dict[str, Any]:
    return redact(documents(), given, lambda text: (text, f"op {text}")).documents


def test_everywhere_takes_a_name_out_of_all_text_also_of_members_that_nobody_knows() -> None:
    left = redact(documents(), [Redaction(E, passage="Noor")])
    expected = documents()
    expected["snapshot"]["dossier"]["title"] = f"{BOX} telt"
    expected["snapshot"]["answers"][0]["answer"]["text"] = f"{BOX} en Yara."
    expected["snapshot"]["answers"][2]["answer"]["rows"][0]["who"] = BOX
    expected["snapshot"]["attachments"][0]["name"] = f"{BOX}.pdf"
    expected["advice"]["surprise"]["deep"][0] = BOX
    expected["questionnaire"]["parts"][0]["title"] = f"Wat vindt {BOX}?"
    assert left.documents == expected
    assert left.hits == (6,)
    assert left.boxes() == {E: 5}


@pytest.mark.parametrize(
    ("pointer", "changed"),
    [
        ("/answers/0", {"text": BOX, "considerations": BOX}),
        ("/answers/0/answer/considerations", {"text": "Noor en Yara.", "considerations": BOX}),
    ],
)
def test_place_without_a_passage_goes_as_a_whole(pointer: str, changed: dict[str, str]) -> None:
    expected = documents()
    expected["snapshot"]["answers"][0]["answer"] = changed
    assert leave_out(Redaction(E, "snapshot", pointer)) == expected


@pytest.mark.parametrize(
    ("pointer", "rows"),
    [
        ("/answers/2/answer/rows", [{"who": BOX, "what": BOX}, {"who": BOX}]),
        ("/answers/2/answer/rows/0", [{"who": BOX, "what": BOX}, {"who": "Yara"}]),
        ("/answers/2/answer/rows/*/who", [{"who": BOX, "what": "A"}, {"who": BOX}]),
        ("/answers/2/answer/rows/1/who", [{"who": "Noor", "what": "A"}, {"who": BOX}]),
    ],
)
def test_table_loses_all_a_row_a_column_or_a_cell(pointer: str, rows: list[dict[str, str]]) -> None:
    expected = documents()
    expected["snapshot"]["answers"][2]["answer"]["rows"] = rows
    assert leave_out(Redaction(E, "snapshot", pointer)) == expected


def test_choice_and_date_go_with_their_answer_and_codes_stay() -> None:
    left = leave_out(Redaction(E, "snapshot", "/answers/1"))
    assert left["snapshot"]["answers"][1] == {
        "question": "q2",
        "item": "",
        "answer": {"choice": BOX, "date": BOX},
    }


def test_attachment_goes_with_its_checksum() -> None:
    left = leave_out(Redaction(E, "snapshot", "/attachments/0"))
    assert left["snapshot"]["attachments"] == [
        {"question": "q1", "item": "", "name": BOX, "sha256": BOX, "size": 3}
    ]


def test_passage_in_one_place_stays_in_others() -> None:
    left = leave_out(Redaction(E, "snapshot", "/answers/0", "Yara"))
    assert left["snapshot"]["answers"][0]["answer"] == {"text": f"Noor en {BOX}.", "considerations": BOX}
    assert left["snapshot"]["answers"][2] == documents()["snapshot"]["answers"][2]


def test_text_goes_when_a_passage_is_in_the_way_in_which_it_is_printed() -> None:
    left = leave_out(Redaction(E, passage="op 2027-01-31"))
    assert left["snapshot"]["answers"][1]["answer"] == {"choice": "noor", "date": BOX}


def test_longer_passage_goes_before_a_part_of_it() -> None:
    given = [Redaction("5.2", passage="Noor"), Redaction(E, passage="Noor en Yara")]
    left = redact({"snapshot": {"text": "Noor en Yara. Noor."}}, given)
    assert left.documents == {"snapshot": {"text": f"{BOX}. {mark_of('5.2')}."}}
    assert left.hits == (1, 1)


def test_mark_that_somebody_typed_is_shown_by_its_number() -> None:
    left = redact({"snapshot": {"text": f"a{BOX}b"}}, [])
    assert left.documents == {"snapshot": {"text": "a⟨U+FDD0⟩b"}}
    assert (left.boxes(), named_marks("niets")) == ({}, "niets")


def test_name_of_a_member_may_hold_what_pointers_use() -> None:
    given = [Redaction(E, "snapshot", "/a~1b~0c/0")]
    assert redact({"snapshot": {"a/b~c": ["x", "y"]}}, given).documents == {"snapshot": {"a/b~c": [BOX, "y"]}}


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        (Redaction("5.1.9", passage="Noor"), "ground", "unknown"),
        (Redaction(E), "passage", "too_few_letters"),
        (Redaction(E, passage="a"), "passage", "too_few_letters"),
        (Redaction(E, "advice", "/motivation", "?"), "passage", "too_few_letters"),
        (Redaction(E, passage="a" * 2001), "passage", "too_long"),
    ],
)
def test_redaction_that_cannot_be_looked_for_is_refused(given: Redaction, field: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        check_redaction(given)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_grounds_have_a_mark_each_and_words_in_two_languages() -> None:
    assert len({mark_of(code) for code in BY_CODE}) == len(GROUNDS) == 16 <= NUMBER_OF_MARKS
    told = [(one.article, one.name, one.why) for ground in GROUNDS for one in (ground.nl, ground.en)]
    assert len(set(told)) == 2 * len(GROUNDS)
    assert all(text.strip() for texts in told for text in texts)


def test_leftovers_are_other_places_parts_of_names_addresses_and_telephone_numbers() -> None:
    texts = [
        "Jan de Boer belt",
        "De heer Boer (06-12345678)",
        "boer@a.nl",
        "Noor",
        "Zie https://a.nl 2026-0007",
    ]
    given = [Redaction(E, passage="Jan de Boer"), Redaction("5.2", "snapshot", "/0", "Noor")]
    left = redact({"snapshot": texts}, given).documents
    assert leftovers(left, given) == (
        Leftover(LeftoverKind.ELSEWHERE, "Noor", 1, "5.2"),
        Leftover(LeftoverKind.PART, "Boer", 2, E),
        Leftover(LeftoverKind.ADDRESS, "boer@a.nl", 1),
        Leftover(LeftoverKind.TELEPHONE, "06-12345678", 1),
    )


def test_day_of_a_step_is_pointed_out_and_codes_are_not() -> None:
    documents = {"advice": {"adopted": {"at": "2026-11-20T14:00:00Z"}, "verdict": "negative"}}
    given = [Redaction(E, passage="20 november 2026"), Redaction(E, passage="negative")]
    left = redact(documents, given, printed_forms)
    assert left.documents == documents
    assert leftovers(left.documents, given, printed_forms) == (
        Leftover(LeftoverKind.FIXED, "20 november 2026", 1, E),
    )
