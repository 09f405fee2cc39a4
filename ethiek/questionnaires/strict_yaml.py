"""Read YAML without its surprises: no anchors, tags, duplicate keys, or numbers where an id was meant.

``no`` is a boolean to YAML, ``1.10`` the number 1.1 and ``010`` eight. Ids are such texts, so they are
quoted: whatever is not a text, a whole number or a boolean is refused here, the rest by the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import yaml

from ethiek.errors import QuestionnaireError

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 20

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
        return _place(self.where, self.node_at(path).start_mark)


def read(text: str, where: str) -> Document:
    """Parse one strict YAML document.

    Raises:
        QuestionnaireError: it is not YAML, or uses what is refused here; names file and line.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise QuestionnaireError(where, f"is larger than {MAX_BYTES} bytes")
    try:
        loader = _Loader(text, where)
        node = loader.get_single_node()
        if node is None:
            raise QuestionnaireError(where, "is empty")
        return Document(where, node, loader.construct_document(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise QuestionnaireError(_place(where, mark), error.problem or "is not YAML") from error
    except (yaml.YAMLError, ValueError) as error:
        raise QuestionnaireError(where, "is not YAML") from error


class _Loader(yaml.SafeLoader):
    """The safe loader of PyYAML, with everything refused that makes a file ambiguous."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(text)
        self._where = where
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._refuse_event(event)
        if self._depth == MAX_DEPTH:
            raise self._error(event, f"is nested deeper than {MAX_DEPTH} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        assert node is not None, "only an alias has no node of its own"
        self._refuse_node(node)
        return node

    def _refuse_event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._error(event, "an alias is not allowed")
        if getattr(event, "anchor", None):
            raise self._error(event, "an anchor is not allowed")
        if getattr(event, "tag", None):
            raise self._error(event, "a tag is not allowed")

    def _refuse_node(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            self._refuse_keys(node)
        elif _FORBIDDEN.search(node.value if isinstance(node, yaml.ScalarNode) else ""):
            raise self._error(node, "a control character is not allowed")
        if node.tag not in _KNOWN_TAGS:
            raise self._error(node, f"{node.value!r} must be quoted")

    def _refuse_keys(self, node: yaml.MappingNode) -> None:
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise self._error(key, "a key must be a text, in quotes if need be")
            if key.value in seen:
                raise self._error(key, f"key {key.value!r} appears twice")
            seen.add(key.value)

    def _error(self, thing: yaml.Event | yaml.Node, reason: str) -> QuestionnaireError:
        return QuestionnaireError(_place(self._where, thing.start_mark), reason)


def _place(where: str, mark: Any) -> str:
    return f"{where}, line {mark.line + 1}" if mark else where
