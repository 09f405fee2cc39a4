from __future__ import annotations

import json
from typing import Any

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange.imported import Imported, What
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.model import Kind, Question, Role

URN = "urn:nl:aivt:tr:proef:1.0"


def task(number: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"{URN}:{number}",
        "question": f"Vraag {number}?",
        "labels": [{"key": "topic", "value": "Begin"}],
        "type": ["open_question"],
        "suggested_roles": [],
        "lifecycle": [],
        "links": [],
        "template": {"question": "$QUESTION"},
        **more,
    }


def instrument(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "systemcard_path": ".assessments[]",
        "schema_version": "1.1.0",
        "name": "Proef",
        "description": "Om te proberen.",
        "urn": URN,
        "language": "nl-NL",
        "owners": [{"organization": "Gemeente Voorbeeld", "name": "", "email": "", "role": ""}],
        "date": "2024-05-01",
        "url": "https://example.org/proef",
        "tasks": list(tasks),
        **more,
    }


def imported(data: dict[str, Any]) -> Imported:
    return import_file(json.dumps(data).encode(), "proef.json")


def losses(data: dict[str, Any]) -> list[tuple[What, str, str]]:
    general = {What.TITLES_MISSING, What.ROLES_MISSING, What.CHOOSE_WHEN_MISSING}
    return sorted((one.what, one.at, one.value) for one in imported(data).losses if one.what not in general)


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        imported(data)
    return str(caught.value)


def test_task_becomes_a_question_with_its_number_roles_links_and_urn() -> None:
    links = [{"text": "DPIA vraag 1"}, {"urn": "urn:x"}, {"url": "https://example.org/a", "text": "Meer"}, {}]
    one = task("1.1", suggested_roles=["Data engineer", "Jurist"], links=links, required_status=False)
    found = imported(instrument(one)).questionnaire

    assert found.roles == (Role("data-engineer", "Data engineer"), Role("Jurist", "Jurist"))
    assert list(found.questions()) == [
        Question(
            "1.1",
            "Vraag 1.1?",
            Kind.OPEN_TEXT,
            number="1.1",
            help="Zie ook: DPIA vraag 1; urn:x; [Meer](https://example.org/a)",
            who=("data-engineer", "Jurist"),
            optional=True,
            source=f"{URN}:1.1",
        )
    ]
    assert (found.source.publisher, found.source.year, found.source.url) == (
        "Gemeente Voorbeeld",
        2024,
        "https://example.org/proef",
    )


def test_parts_come_from_numbers_and_sections_from_topics() -> None:
    other = [{"key": "topic", "value": "Einde"}]
    tasks = (task("1.1.1"), task("2A.1.1"), task("2.A.2", labels=other), task("1.2.1", labels=other))
    found = imported(instrument(*tasks)).questionnaire

    assert [
        (part.id, part.title, [(one.id, one.title, [q.id for q in one.questions]) for one in part.sections])
        for part in found.parts
    ] == [
        ("1", "Deel 1", [("1.1", "Begin", ["1.1.1"]), ("1.2", "Einde", ["1.2.1"])]),
        ("2A", "Deel 2A", [("2A.1", "Begin", ["2A.1.1"]), ("2.A", "Einde", ["2.A.2"])]),
    ]


def test_what_a_task_has_and_a_question_has_not_is_named() -> None:
    labels = [{"key": "topic", "value": "Begin"}, {"key": "colour", "value": "red"}]
    links = [{"systemcard_path": ".name", "version": ">0.1"}, {"url": "javascript:x()"}]
    first = task(
        "1", type=["closed_question", "upload_document"], labels=labels, links=links, required_status=True
    )
    second = task(
        "2", type=["sign_task"], lifecycle=["Ontwerp"], depends_on=[{"urn": f"{URN}:1"}], status="optional"
    )

    assert losses(instrument(first, second, colour="red")) == sorted(
        [
            (What.UNKNOWN_KEY, "", "colour"),
            (What.NO_OPTIONS, "1", "closed_question"),
            (What.NOT_BUILT, "1", "upload_document"),
            (What.LABEL, "1", "colour: red"),
            (What.LINK, "1", ".name"),
            (What.LINK, "1", "javascript:x()"),
            (What.NOT_BUILT, "2", "sign_task"),
            (What.LIFECYCLE, "2", "Ontwerp"),
            (What.DEPENDS_ON, "2", f"{URN}:1"),
            (What.UNKNOWN_KEY, "2", "status"),
            (What.REQUIRED_UNKNOWN, "2", ""),
        ]
    )


def test_older_shape_with_its_facts_in_one_entry_and_one_type_is_read_too() -> None:
    data = instrument(task("1.a.1", type="open_question"))
    about = {"name": "Oud", "urn": "urn:nl:aivt:ir:oud:2.1", "language": "nl", "owners": []}
    old = {key: data[key] for key in ("systemcard_path", "schema_version", "tasks")} | {"instrument": about}

    found = imported(old).questionnaire
    assert (found.key, found.title, [one.number for one in found.questions()]) == (
        "oud/2.1",
        "Oud",
        ["1.a.1"],
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (instrument(task("1"), task("1")), f"urn {URN}:1 appears twice"),
        (instrument(task("1", urn="")), "the task has no urn"),
        (instrument(), "there are no tasks"),
        (instrument(task("1"), schema_version="2.0.0"), "schema_version 2.0.0 is not known; 1.1.0 is"),
        (instrument(task("1", labels="x")), "labels must be a list"),
        (instrument(task("1", required_status="soms")), "required_status must be true or false"),
    ],
)
def test_what_is_no_instrument_is_refused_with_its_line(data: dict[str, Any], reason: str) -> None:
    assert refusal(data) == f"proef.json, line 1: {reason}"
