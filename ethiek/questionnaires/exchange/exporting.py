"""A question set as a file that can be imported again: YAML for people, JSON for machines, of one shape."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Final

import yaml

from ethiek.questionnaires.model import Check, Group, Questionnaire


def to_yaml(questionnaire: Questionnaire) -> bytes:
    """Return our YAML: the same set gives the same bytes, and reading them gives the same set.

    Texts are quoted, so that no reader takes ``no`` or ``1.10`` for something else.
    """
    text = yaml.dump(
        to_file(questionnaire),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=_NEVER,
    )
    return text.encode()


def to_json(questionnaire: Questionnaire) -> bytes:
    """Return indented JSON that is valid against ``schema.json``, its fields in the order of the YAML."""
    return (json.dumps(to_file(questionnaire), ensure_ascii=False, indent=2) + "\n").encode()


def to_file(value: Any) -> Any:
    """Return the plain data of a file: without fields that have their default, and with short conditions.

    >>> from ethiek.questionnaires.model import Test
    >>> to_file(Check("1.1", Test.IS, ("yes",)))
    {'question': '1.1', 'is': ['yes']}
    """
    if isinstance(value, tuple):
        return [to_file(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Check):
        return {"question": value.question, value.test.value: list(value.values)}
    if isinstance(value, Group):
        return {value.combine.value: to_file(value.members)}
    if not is_dataclass(value):
        return value
    in_order = sorted(fields(value), key=lambda field: field.name in _CONTENTS)
    return {
        field.name: to_file(getattr(value, field.name))
        for field in in_order
        if field.default is MISSING or getattr(value, field.name) != field.default
    }


_CONTENTS: Final = frozenset({"parts", "sections", "questions"})
_NEVER: Final = 10**9
"""The width at which a line is broken."""


class _Dumper(yaml.SafeDumper):
    """Writes field names bare and texts quoted; texts of several lines as they are read."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: FBT001
        node: yaml.MappingNode = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in node.value:
            key.style = None
        return node


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)
