"""Whatever is in a file, it is read or refused in a sentence; never a traceback."""

from __future__ import annotations

import copy
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange.exporting import to_yaml
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.exchange.outcome_rules import outcome
from ethiek.questionnaires.exchange.texts import light_markdown
from tests.question_sets import a_questionnaire
from tests.unit.questionnaires.exchange.definitions import EVERYTHING

REGISTRY: dict[str, Any] = {
    "urn": "urn:nl:aivt:tr:proef:1.0",
    "schema_version": "1.1.0",
    "name": "Proef",
    "owners": [{"organization": "Wij", "name": "", "email": "", "role": ""}],
    "tasks": [
        {
            "urn": "urn:nl:aivt:tr:proef:1.0:1.1",
            "question": "Waarom?",
            "labels": [{"key": "topic", "value": "Begin"}],
            "type": ["open_question"],
            "suggested_roles": ["Jurist"],
            "links": [{"text": "Elders", "url": "https://example.org/"}],
            "required_status": True,
        }
    ],
}
CHAPTERS: dict[str, Any] = {
    "title": {"nl": "Proef", "en": "Trial"},
    "content": [
        {
            "title": {"nl": "Deel 1"},
            "content": [
                {
                    "title": {"nl": "1.1"},
                    "content": [{"title": {"nl": "1.1.1"}, "description": {"nl": "Hoe?"}}],
                }
            ],
        }
    ],
}
REAL = (EVERYTHING, REGISTRY, CHAPTERS)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        "",
        " ",
        "x",
        "0",
        "1.1",
        "<b>",
        "<a href=x>",
        "&#0;",
        "a" * 50,
        [],
        [[]],
        {},
        {"x": 1},
    ]
) | st.text(max_size=5)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A real structure in which some values were replaced, removed or copied to another place."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 4))):
        inside = [place for place in places(data) if place]
        if not inside:  # everything was removed
            break
        path = draw(st.sampled_from(inside))
        holder = data
        for step in path[:-1]:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "remove", "copy"])):
            case "replace":
                holder[path[-1]] = draw(ODD)
            case "remove":
                del holder[path[-1]]
            case _:
                holder[path[-1]] = copy.deepcopy(
                    data.get(draw(st.sampled_from(sorted(data))) if data else "")
                )
    return data


def read_or_refused(data: bytes) -> None:
    with suppress(QuestionnaireError):
        import_file(data, "set")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_mutated_structure_is_read_or_refused(data: dict[str, Any]) -> None:
    read_or_refused(json.dumps(data).encode())


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_truncated_or_overwritten_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [
                to_yaml(a_questionnaire()),
                json.dumps(REGISTRY, indent=1).encode(),
                json.dumps(EVERYTHING).encode(),
            ]
        )
    )
    at = data.draw(st.integers(0, len(whole)))
    read_or_refused(
        whole[:at]
        + data.draw(st.binary(max_size=3))
        + whole[at + data.draw(st.sampled_from([0, 1, len(whole)])) :]
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["answers", "(", ")", "'1'", "bool", "&&", "||", "!", "==", "in", "[", "]", "criteria.a", "$"]
        )
    ).map(" ".join)
)
def test_any_outcome_rule_is_understood_or_left_out(rule: str) -> None:
    found = outcome(rule, {"a": rule}, {})

    assert found.branches == []
    assert found.left_out


@pytest.mark.parametrize("piece", ["<div>", "<ul><li>", "<b>a</b> ", "&", "<", "<!--", "a\n\n<b>"])
def test_text_of_nothing_but_tags_is_read_in_no_time(piece: str) -> None:
    started = time.monotonic()
    _, dropped = light_markdown(piece * (200_000 // len(piece)))

    assert time.monotonic() - started < 10
    assert dropped >= {"…", "<…>"}


def test_file_of_nothing_but_tags_is_refused() -> None:
    task = {"task": "Hoe?", "type": ["open_text"], "description": "<b>a</b> " * 240}
    data = {"name": "x", "tasks": [{**task, "id": str(number)} for number in range(450)]}

    with pytest.raises(QuestionnaireError, match="holds more than 20000 HTML tags"):
        import_file(json.dumps(data).encode(), "set")
