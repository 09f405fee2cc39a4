from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.canonical import canonical, from_canonical, sha256
from ethiek.questionnaires.catalogue import load_catalogue, parse
from ethiek.questionnaires.model import (
    Check,
    Column,
    Combine,
    Effect,
    Group,
    Kind,
    Marker,
    Option,
    Part,
    Question,
    Questionnaire,
    Role,
    Section,
    ShowWhen,
    Source,
    StopRule,
    Test,
)
from tests.unit.questionnaires.small import SMALL

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
CHECK = st.builds(Check, TEXT, st.sampled_from(Test), TEXTS)


def groups(members: st.SearchStrategy[ShowWhen]) -> st.SearchStrategy[ShowWhen]:
    return st.builds(Group, st.sampled_from(Combine), st.lists(members, max_size=2).map(tuple))


CONDITION = st.none() | st.recursive(CHECK, groups, max_leaves=3)
OPTIONS = st.lists(st.builds(Option, TEXT, TEXT, TEXT, TEXT, st.booleans()), max_size=2).map(tuple)
COLUMN = st.builds(Column, TEXT, TEXT, st.sampled_from(Kind), OPTIONS, st.booleans())
QUESTION = st.builds(
    Question,
    id=TEXT,
    text=TEXT,
    kind=st.sampled_from(Kind),
    number=TEXT,
    who=TEXTS,
    options=OPTIONS,
    columns=st.lists(COLUMN, max_size=1).map(tuple),
    optional=st.booleans(),
    max_items=st.none() | st.integers(1, 200),
    show_when=CONDITION,
    markers=st.lists(st.builds(Marker, TEXT, TEXT, TEXT), max_size=1).map(tuple),
    stops=st.lists(st.builds(StopRule, CHECK, st.sampled_from(Effect), TEXT), max_size=1).map(tuple),
)
SECTION = st.builds(Section, TEXT, TEXT, st.lists(QUESTION, max_size=2).map(tuple), show_when=CONDITION)
PART = st.builds(Part, TEXT, TEXT, st.lists(SECTION, max_size=1).map(tuple), show_when=CONDITION)
QUESTIONNAIRE = st.builds(
    Questionnaire,
    id=TEXT,
    version=TEXT,
    title=TEXT,
    short_title=TEXT,
    language=TEXT,
    choose_when=TEXTS,
    source=st.builds(Source, TEXT, TEXT, st.integers(1900, 2200), TEXT, TEXT),
    roles=st.lists(st.builds(Role, TEXT, TEXT, st.booleans()), max_size=1).map(tuple),
    parts=st.lists(PART, max_size=2).map(tuple),
)


@given(QUESTIONNAIRE)
def test_from_canonical_gives_back_what_canonical_wrote(questionnaire: Questionnaire) -> None:
    assert from_canonical(canonical(questionnaire)) == questionnaire


def test_from_canonical_gives_back_every_published_question_set() -> None:
    assert [from_canonical(canonical(one)) for one in load_catalogue()] == list(load_catalogue())


def test_canonical_holds_every_field_also_empty_ones() -> None:
    parsed = json.loads(canonical(parse(SMALL, "small")))

    assert parsed["parts"][0]["sections"][0]["questions"][2] == {
        "actions": False,
        "columns": [],
        "explain": False,
        "help": "",
        "id": "1.1.3",
        "kind": "open_text",
        "markers": [],
        "max_items": None,
        "note": "",
        "number": "",
        "optional": False,
        "options": [],
        "recalls": ["1.1.1"],
        "show_when": {
            "combine": "all",
            "members": [
                {"question": "1.1.1", "test": "is", "values": ["yes"]},
                {
                    "combine": "any",
                    "members": [
                        {"question": "1.1.2", "test": "has", "values": ["young"]},
                        {"question": "1.1.2", "test": "lacks", "values": ["none"]},
                    ],
                },
            ],
        },
        "stops": [],
        "text": "Waarom?",
        "who": [],
        "why": "",
    }


def test_canonical_does_not_depend_on_the_layout_of_the_file() -> None:
    spaced = SMALL.replace('title: "Kleine toets"', "# opmerking\ntitle:   'Kleine toets'")
    assert canonical(parse(spaced, "small")) == canonical(parse(SMALL, "small"))


def test_sha256_is_that_of_the_canonical_bytes_and_changes_with_one_letter() -> None:
    small = parse(SMALL, "small")
    other = replace(small, title="Kleine toetz")
    assert sha256(small) == hashlib.sha256(canonical(small)).hexdigest()
    assert sha256(other) != sha256(small)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'{"choose_when"', b'{ "choose_when"', "is not in canonical form"),
        (
            b'"language":"nl",',
            b"",
            "Questionnaire.__init__() missing 1 required positional argument: 'language'",
        ),
        (b'"year":2026', b'"year":"2026"', "'2026' is not of type int"),
        (b'"core":true', b'"core":1', "1 is not of type bool"),
        (b'"kind":"yes_no"', b'"kind":"essay"', "'essay' is not a valid Kind"),
        (b'"language":"nl"', b'"colour":"nl"', "Questionnaire has no colour"),
        (b'"show_when":null', b'"show_when":3', "3 is not of type dict"),
        (b'"roles":[', b'"roles":{},"x":[', "Questionnaire has no x"),
    ],
)
def test_from_canonical_refuses_other_bytes(old: bytes, new: bytes, reason: str) -> None:
    data = canonical(parse(SMALL, "small"))
    assert old in data
    with pytest.raises(QuestionnaireError) as caught:
        from_canonical(data.replace(old, new, 1))
    assert str(caught.value) == f"canonical form: {reason}"


def test_from_canonical_refuses_bytes_that_are_no_json() -> None:
    with pytest.raises(QuestionnaireError, match=r"^canonical form: Expecting value"):
        from_canonical(b"")
