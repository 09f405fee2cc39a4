"""Which questions of one version go with which of another, as data.

Between versions whose ids mean the same none of this is needed. It is there for editions that were numbered
anew (IAMA 2021 and 2026) and for instruments that ask alike (DEDA and IAMA). One file per pair of versions in
``correspondences/``, in the shape of ``correspondences/schema.json``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import jsonschema

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires import strict_yaml

HOME: Final = Path(__file__).parent / "correspondences"


class Relation(StrEnum):
    """How two questions of different editions correspond."""

    SAME = "same"
    """Asks the same; the answer fits as it is."""
    CLOSE = "close"
    """Asks nearly the same; the answer has to be read again."""
    PARTLY = "partly"
    """The answer holds a part of what is asked now."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question of an older edition (or other instrument) and where its answer belongs."""

    source: str
    target: str
    relation: Relation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """All pairs between two versions; ``unmapped``: id of a question without a place -> why."""

    source: str
    """Key, for example ``iama/1.0``."""
    target: str
    pairs: tuple[Pair, ...]
    unmapped: Mapping[str, str] = field(default_factory=dict)


def correspondence(source: str, target: str) -> Correspondence | None:
    """Return what ships about two versions, by their keys; None: questions correspond by their ids, or not at all."""
    return load_correspondences().get((source, target))


@functools.cache
def load_correspondences() -> Mapping[tuple[str, str], Correspondence]:
    """Return the correspondences that come with the application, by the keys of both versions."""
    found = (
        parse_correspondence(path.read_text(encoding="utf-8"), path.name)
        for path in sorted(HOME.glob("*.yaml"))
    )
    return {(one.source, one.target): one for one in found}


def parse_correspondence(text: str, where: str) -> Correspondence:
    """Read one file; ``where`` is its name, for errors.

    Raises:
        QuestionnaireError: the file is not valid; names the file and the place in it.
    """
    document = strict_yaml.read(text, where)
    for error in _validator().iter_errors(document.data):
        raise QuestionnaireError(document.place(error.path), error.message)
    data: Any = document.data
    return Correspondence(
        data["source"],
        data["target"],
        tuple(
            Pair(one["source"], one["target"], Relation(one["relation"]), one.get("note", ""))
            for one in data["pairs"]
        ),
        {one["source"]: one["reason"] for one in data.get("unmapped", ())},
    )


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((HOME / "schema.json").read_text(encoding="utf-8")))
