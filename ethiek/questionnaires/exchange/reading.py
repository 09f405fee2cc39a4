"""From the bytes of a file to entries that know their lines; whatever may be hostile in it is refused here."""

from __future__ import annotations

from typing import Final

import yaml

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires import strict_yaml
from ethiek.questionnaires.exchange import json_text
from ethiek.questionnaires.exchange.entries import Entry

MAX_BYTES: Final = 5_000_000
"""The largest public question set has some 110,000."""

FOREIGN: Final = strict_yaml.Rules(
    max_bytes=MAX_BYTES, max_depth=40, max_nodes=60_000, aliases=True, written=True
)


def text_of(data: bytes, where: str) -> str:
    """Return the text of a file, without a byte order mark and with LF as line end.

    Raises:
        QuestionnaireError: it is too large, or not UTF-8; names the line.
    """
    if len(data) > MAX_BYTES:
        raise QuestionnaireError(where, f"is larger than {MAX_BYTES} bytes")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QuestionnaireError(f"{where}, line {line}", "is not UTF-8") from error


def is_json(text: str) -> bool:
    """Tell whether a text can only be meant as JSON."""
    return text.lstrip().startswith(("{", "["))


def root_of(text: str, where: str) -> Entry:
    """Return the outermost entry of a YAML or JSON text, with aliases and merged keys in their place.

    Raises:
        QuestionnaireError: it cannot be read, or is no mapping; names file and line.
    """
    node = nodes_of(text, where)
    if not isinstance(node, yaml.MappingNode):
        raise QuestionnaireError(where, "is not a question set: it does not begin with named fields")
    return Entry(where, node)


def nodes_of(text: str, where: str) -> yaml.Node:
    """Return the nodes of a YAML or JSON text.

    Raises:
        QuestionnaireError: it cannot be read; names file and line.
    """
    if is_json(text):
        return json_text.compose(text, where, FOREIGN)
    return strict_yaml.compose(text, where, FOREIGN)
