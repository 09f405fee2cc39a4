"""Fields of a foreign file, read by name; a value that has another shape than expected names its line."""

from __future__ import annotations

from collections.abc import Set

import yaml

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.strict_yaml import MERGE, place

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})


class Entry:
    """One mapping of a file. Scalars are texts as they were written; what is absent is empty."""

    def __init__(self, where: str, node: yaml.MappingNode) -> None:
        self.where = where
        self._node = node
        self._fields = _merged(node)

    @property
    def place(self) -> str:
        """File and line, for an error message."""
        return place(self.where, self._node.start_mark)

    @property
    def line(self) -> int:
        """The line where it starts, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def names(self) -> Set[str]:
        """The names of its fields."""
        return self._fields.keys()

    def text(self, name: str) -> str:
        """A text, a number or a boolean as it was written, without space around it; null is empty."""
        node = self._fields.get(name)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, f"{name} must be a text")
        return _written(node)

    def flag(self, name: str) -> bool | None:
        """A yes or no; None if it is absent or empty.

        Raises:
            QuestionnaireError: it is something else.
        """
        written = self.text(name).lower()
        if written and written not in _TRUE | _FALSE:
            raise self._error(self._fields[name], f"{name} must be true or false")
        return written in _TRUE if written else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        node = self._fields.get(name)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._scalar(name, item) for item in node.value)
        return (written,) if (written := self.text(name)) else ()

    def entry(self, name: str) -> Entry | None:
        """A mapping, or None if it is absent.

        Raises:
            QuestionnaireError: it is something else.
        """
        node = self._fields.get(name)
        if node is None or _is_null(node):
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{name} must have named fields")
        return Entry(self.where, node)

    def entries(self, name: str) -> tuple[Entry, ...]:
        """A list of mappings.

        Raises:
            QuestionnaireError: it is something else.
        """
        node = self._fields.get(name)
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(node, f"{name} must be a list")
        return tuple(self._mapping(name, item) for item in node.value)

    def is_list_of_texts(self, name: str) -> bool:
        """Tell whether a field is a text or a list of texts, and no list of mappings."""
        node = self._fields.get(name)
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return all(isinstance(item, yaml.ScalarNode) for item in items)

    def is_scalar(self, name: str) -> bool:
        """Tell whether a field is one value."""
        return isinstance(self._fields.get(name), yaml.ScalarNode)

    def is_list(self, name: str) -> bool:
        """Tell whether a field is a list."""
        return isinstance(self._fields.get(name), yaml.SequenceNode)

    def is_null(self, name: str) -> bool:
        """Tell whether a field is there, and says that it is nothing."""
        return name in self._fields and _is_null(self._fields[name])

    def _scalar(self, name: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, f"{name} must be a list of texts")
        return _written(node)

    def _mapping(self, name: str, node: yaml.Node) -> Entry:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{name} must be a list of things with named fields")
        return Entry(self.where, node)

    def _error(self, node: yaml.Node, reason: str) -> QuestionnaireError:
        return QuestionnaireError(place(self.where, node.start_mark), reason)


def _written(node: yaml.ScalarNode) -> str:
    return "" if _is_null(node) else str(node.value).replace("\t", " ").strip()


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _merged(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """Return the fields of a mapping with those of its ``<<`` keys; its own come first."""
    fields: dict[str, yaml.Node] = {}
    others: list[yaml.Node] = []
    for key, value in node.value:
        if key.tag == MERGE:
            others += value.value if isinstance(value, yaml.SequenceNode) else [value]
        else:
            fields[key.value] = value
    for other in others:
        if isinstance(other, yaml.MappingNode):
            for name, value in _merged(other).items():
                fields.setdefault(name, value)
    return fields
