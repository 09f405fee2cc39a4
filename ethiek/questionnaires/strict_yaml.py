"""Read YAML without its surprises: no anchors, tags, duplicate keys, or numbers where an id was meant.

``no`` is a boolean to YAML, ``1.10`` the number 1.1 and ``010`` eight. Ids are such texts, so they are
quoted: whatever is not a text, a whole number or a boolean is refused here, the rest by the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import yaml

from ethiek.errors import QuestionnaireError


@dataclass(frozen=True, slots=True)
class Rules:
    """What a YAML file may be. Files of ours are strict; those of others may use what they are used to."""

    max_bytes: int = 1024 * 1024
    max_depth: int = 20
    max_nodes: int = 500_000
    aliases: bool = False
    """Whether anchors and aliases may be used, never in a circle."""
    written: bool = False
    """Whether a value without quotes may look like something else than a text: it is read as it was written."""


STRICT: Final = Rules()

MERGE: Final = "tag:yaml.org,2002:merge"
_TEXT: Final = "tag:yaml.org,2002:str"
_KNOWN_TAGS: Final = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "bool")}

_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but newline, lone surrogates, and what XML cannot hold: an escape may hide them."""


class Document:
    """A YAML file as plain data that still knows its lines."""

    def __init__(self, where: str, node: yaml.Node, data: object) -> None:
        self.where = where
        self.data = data
        self._node = node

    def node_at(self, path: Iterable[str | int]) -> yaml.Node:
        """The node at a path of keys and indexes in the data."""
        node = self._node
        for step in path:
            if isinstance(node, yaml.SequenceNode):
                node = node.value[step]
            else:
                node = next(value for key, value in node.value if key.value == step)
        return node

    def place(self, path: Iterable[str | int]) -> str:
        """File and line of a path, for an error message."""
        return place(self.where, self.node_at(path).start_mark)


def read(text: str, where: str) -> Document:
    """Parse one strict YAML document.

    Raises:
        QuestionnaireError: it is not YAML, or uses what is refused here; names file and line.
    """
    node = compose(text, where, STRICT)
    try:
        return Document(where, node, _Loader("", where, STRICT).construct_document(node))
    except ValueError as error:  # a number of thousands of digits
        raise QuestionnaireError(where, "is not YAML") from error


def compose(text: str, where: str, rules: Rules) -> yaml.Node:
    """Parse one YAML document to nodes, which know their lines and what was written.

    Raises:
        QuestionnaireError: it is not YAML, or uses what the rules refuse; names file and line.
    """
    if len(text.encode("utf-8", "surrogatepass")) > rules.max_bytes:
        raise QuestionnaireError(where, f"is larger than {rules.max_bytes} bytes")
    try:
        node = _Loader(text, where, rules).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise QuestionnaireError(place(where, mark), error.problem or "is not YAML") from error
    except (yaml.YAMLError, ValueError) as error:
        raise QuestionnaireError(where, "is not YAML") from error
    if node is None:
        raise QuestionnaireError(where, "is empty")
    return node


def is_storable(text: str) -> bool:
    """Tell whether a text holds no control characters or others that cannot be printed or stored."""
    return _FORBIDDEN.search(text) is None


class _Loader(yaml.SafeLoader):
    """The safe loader of PyYAML, with everything refused that makes a file ambiguous."""

    def __init__(self, text: str, where: str, rules: Rules) -> None:
        super().__init__(text)
        self._where = where
        self._rules = rules
        self._depth = 0
        self._weights: dict[int, _Weight] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._refuse_event(event)
        if self._depth == self._rules.max_depth:
            raise self._error(event, f"is nested deeper than {self._rules.max_depth} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        assert node is not None, "an alias has a node too"
        if not isinstance(event, yaml.AliasEvent):
            self._refuse_node(node)
            self._weights[id(node)] = self._weight(node)
        elif id(node) not in self._weights:
            raise self._error(event, "an alias stands inside what it is the name of")
        self._refuse_bomb(event, self._weights[id(node)])
        return node

    def _weight(self, node: yaml.Node) -> _Weight:
        """Weigh a node as if its aliases were written out."""
        parts = [self._weights[id(part)] for part in _parts(node)]
        return _Weight(
            1 + sum(part.nodes for part in parts), 1 + max((part.depth for part in parts), default=0)
        )

    def _refuse_bomb(self, event: yaml.Event, weight: _Weight) -> None:
        if weight.nodes > self._rules.max_nodes or len(self._weights) > self._rules.max_nodes:
            raise self._error(event, f"holds more than {self._rules.max_nodes} values")
        if self._depth + weight.depth > self._rules.max_depth:
            raise self._error(event, f"is nested deeper than {self._rules.max_depth} levels")

    def _refuse_event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            if not self._rules.aliases:
                raise self._error(event, "an alias is not allowed")
            return
        if getattr(event, "anchor", None) and not self._rules.aliases:
            raise self._error(event, "an anchor is not allowed")
        if getattr(event, "tag", None):
            raise self._error(event, "a tag is not allowed")

    def _refuse_node(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            self._refuse_keys(node)
        elif isinstance(node, yaml.ScalarNode) and not self._is_storable(node.value):
            raise self._error(node, "a control character is not allowed")
        if node.tag not in _KNOWN_TAGS and not self._rules.written:
            raise self._error(node, f"{node.value!r} must be quoted")

    def _is_storable(self, text: str) -> bool:
        return is_storable(text.replace("\t", " ") if self._rules.written else text)

    def _refuse_keys(self, node: yaml.MappingNode) -> None:
        seen = set()
        for key, _ in node.value:
            if self._rules.aliases and key.tag == MERGE:
                continue
            if key.tag != _TEXT and not (self._rules.written and isinstance(key, yaml.ScalarNode)):
                raise self._error(key, "a key must be a text, in quotes if need be")
            if key.value in seen:
                raise self._error(key, f"key {key.value!r} appears twice")
            seen.add(key.value)

    def _error(self, thing: yaml.Event | yaml.Node, reason: str) -> QuestionnaireError:
        return QuestionnaireError(place(self._where, thing.start_mark), reason)


@dataclass(frozen=True, slots=True)
class _Weight:
    nodes: int
    depth: int


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def place(where: str, mark: Any) -> str:
    """Return file and line of a mark, for an error message."""
    return f"{where}, line {mark.line + 1}" if mark else where
