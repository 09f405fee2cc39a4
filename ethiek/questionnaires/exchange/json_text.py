"""JSON to the same nodes as YAML, so that an error names its line and a key that appears twice is seen."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # the reader of texts in the standard library
from typing import Final

import yaml

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.strict_yaml import Rules, is_storable

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,300})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,10})?")
_WORDS: Final = {"true": "bool", "false": "bool", "null": "null"}


def compose(text: str, where: str, rules: Rules) -> yaml.Node:
    """Parse one JSON document to nodes.

    Raises:
        QuestionnaireError: it is not JSON, or uses what the rules refuse; names file and line.
    """
    reader = _Reader(text, where, rules)
    try:
        return reader.document()
    except json.JSONDecodeError as error:
        raise QuestionnaireError(f"{where}, line {error.lineno}", f"is not JSON: {error.msg}") from error


class _Reader:
    """Reads from left to right; ``at`` is where it is."""

    def __init__(self, text: str, where: str, rules: Rules) -> None:
        self._text = text
        self._where = where
        self._rules = rules
        self._at = 0
        self._nodes = 0
        self._line = 0
        self._counted = 0

    def document(self) -> yaml.Node:
        node = self._value(1)
        self._skip()
        if self._at != len(self._text):
            raise self._error("is not JSON: something follows it")
        return node

    def _value(self, depth: int) -> yaml.Node:
        self._skip()
        self._nodes += 1
        if depth > self._rules.max_depth:
            raise self._error(f"is nested deeper than {self._rules.max_depth} levels")
        if self._nodes > self._rules.max_nodes:
            raise self._error(f"holds more than {self._rules.max_nodes} values")
        match self._text[self._at : self._at + 1]:
            case "{":
                return self._mapping(depth)
            case "[":
                return self._sequence(depth)
            case '"':
                return self._string()
            case _:
                return self._bare()

    def _mapping(self, depth: int) -> yaml.Node:
        mark, seen = self._mark(), set()
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        while self._more("}", first=not pairs):
            key = self._string()
            if key.value in seen:
                raise self._error(f"key {key.value!r} appears twice")
            seen.add(key.value)
            self._expect(":")
            pairs.append((key, self._value(depth + 1)))
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, mark)

    def _sequence(self, depth: int) -> yaml.Node:
        mark = self._mark()
        items: list[yaml.Node] = []
        while self._more("]", first=not items):
            items.append(self._value(depth + 1))
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, mark)

    def _more(self, end: str, *, first: bool) -> bool:
        """Step over the opening sign or a comma, and tell whether an item follows."""
        if first:
            self._at += 1
            self._skip()
            if not self._text.startswith(end, self._at):
                return True
        else:
            self._skip()
            if self._text.startswith(",", self._at):
                self._at += 1
                self._skip()
                return True
        self._expect(end)
        return False

    def _string(self) -> yaml.ScalarNode:
        if not self._text.startswith('"', self._at):
            raise self._error("is not JSON: a text in quotes is missing")
        mark = self._mark()
        value, self._at = scanstring(self._text, self._at + 1)
        value = value.replace("\r\n", "\n").replace("\t", " ")
        if not is_storable(value):
            raise self._error("a control character is not allowed")
        return yaml.ScalarNode("tag:yaml.org,2002:str", value, mark)

    def _bare(self) -> yaml.Node:
        mark = self._mark()
        for word, tag in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return yaml.ScalarNode(f"tag:yaml.org,2002:{tag}", word, mark)
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            raise self._error("is not JSON: a value is missing")
        self._at = number.end()
        tag = "int" if re.fullmatch(r"-?[0-9]+", number[0]) else "float"
        return yaml.ScalarNode(f"tag:yaml.org,2002:{tag}", number[0], mark)

    def _expect(self, sign: str) -> None:
        self._skip()
        if not self._text.startswith(sign, self._at):
            raise self._error(f"is not JSON: {sign} is missing")
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _mark(self) -> yaml.Mark:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return yaml.Mark(self._where, self._at, self._line, 0, None, 0)

    def _error(self, reason: str) -> QuestionnaireError:
        return QuestionnaireError(f"{self._where}, line {self._mark().line + 1}", reason)
