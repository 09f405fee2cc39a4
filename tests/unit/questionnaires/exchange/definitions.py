"""A definition in the format of the Invulhulpen that uses everything its schema has, in our own words."""

from __future__ import annotations

from typing import Any, Final

YES: Final = True
NO: Final = False


def field(id_: str, type_: str = "open_text", **more: Any) -> dict[str, Any]:
    return {"id": id_, "task": f"Vraag {id_}?", "type": [type_], "repeatable": False, **more}


def group(id_: str, *tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "task": f"Groep {id_}",
        "type": ["task_group"],
        "repeatable": False,
        "tasks": list(tasks),
        **more,
    }


def text(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "task": f"Tekst {id_}", "type": ["informational"], "repeatable": False, **more}


YES_NO = {
    "valueType": "boolean",
    "options": [{"value": True, "label": "Ja"}, {"value": False, "label": "Nee"}],
}
LETTERS = {
    "options": [
        {"value": "a", "label": "Aap"},
        {"value": "b", "label": "Beer"},
        {"value": "c", "label": "Cavia"},
    ]
}


def when(id_: str, operator: str = "equals", value: Any = YES, action: str = "show") -> dict[str, Any]:
    condition = {"id": id_, "operator": operator, "value": value}
    return {"dependencies": [{"type": "conditional", "condition": condition, "action": action}]}


def definition(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "Proefscan",
        "urn": "urn:nl:proef",
        "version": "1.2",
        "description": "Een proef.",
        "tasks": list(tasks),
        **more,
    }


LEVEL = {
    "level": "required",
    "expression": "criteria.ja || criteria.veel || criteria.lijst",
    "result": "IAMA verplicht",
    "criteria": [
        {"id": "ja", "expression": "bool(answers('1.1'))", "explanation": "het mag niet"},
        {"id": "veel", "expression": "scores.dieren > 4", "explanation": "de score is hoog"},
        {
            "id": "lijst",
            "expression": "countSelectedOptions('1.3') >= 1",
            "explanation": "er staat iets op de lijst",
        },
    ],
}

EVERYTHING = definition(
    text("0", description="<p>Lees dit <strong>eerst</strong>.</p><script>x()</script>"),
    group(
        "1",
        field("1.1", "radio_option", **YES_NO, required_status=True),
        field("1.2", "select_option", **LETTERS, required_status=False, defaultValue="a", category="Dieren"),
        field(
            "1.3",
            "checkbox_option",
            **LETTERS,
            calculation={"scoreKey": "dieren", "expression": "answers('1.3') | count"},
        ),
        field("1.4", "text_input", **when("1.2", "equals", "b")),
        field("1.5", "text_input", valueType="number", **when("1.3", "contains", "'c'")),
        field("1.6", "date", **when("1.1", "equals", YES, "hide")),
        field("1.7", "open_text", **when("1.3", "all", ["a", "b"])),
        field("1.8", "open_text", **when("1.2", "any", None)),
        field("1.9", "open_text", **when("1.4", "equals", "x")),
        field("1.10", "open_text", **when("2.1", "equals", YES)),
        is_official_id=True,
        category="Begin",
    ),
    group(
        "2",
        field("2.1", "radio_option", **YES_NO, references={"PROEF": [{"id": "2.4", "type": "pre-view"}]}),
        group(
            "2.2",
            field("2.2.1", "text_input"),
            field("2.2.2", "select_option", **LETTERS),
            field("2.2.3", "checkbox_option", **LETTERS),
            field("2.2.4", "date", **when("2.2.2", "equals", "a")),
            repeatable=True,
            item_name="dier",
            **when("2.1"),
        ),
        field("2.3", "open_text", repeatable=True),
        field(
            "2.4",
            "checkbox_option",
            dependencies=[
                {
                    "type": "source_options",
                    "condition": {"id": "2.2.1", "operator": "any"},
                    "action": "options",
                }
            ],
        ),
        field(
            "2.5",
            "select_option",
            dependencies=[
                {"type": "source_options", "condition": {"id": "1.2", "operator": "any"}, "action": "options"}
            ],
        ),
        field("2.6", "image"),
        field("2.7", "hologram", colour="red"),
        field("2.8", "radio_option"),
        text("2.9", task="Stop hier.", **when("2.1", "equals", NO)),
        group(
            "2.10",
            group("2.10.1", field("2.10.1.1"), repeatable=True),
            repeatable=True,
            dependencies=[
                {
                    "type": "instance_mapping",
                    "source": {"id": "2.2.1"},
                    "mapping_type": "one_to_one",
                    "action": "sync_instances",
                }
            ],
        ),
        references={"DPIA": "12.1"},
    ),
    field(
        "3",
        "open_text",
        references={"proef": {"id": "1.1", "type": "pre-fill"}},
        sources=[{"source": "x.png", "description": "Een plaat."}],
    ),
    text("4", description="Tot slot."),
    assessments=[{"id": "IAMA", "levels": [LEVEL]}],
)
