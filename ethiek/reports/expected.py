"""What a finished report must carry, as it says inside its own seal; so a file that was cut back is seen offline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .fields import SEAL
from .personal import kind_of_field, persons_in_order

STAMP_FIELD: Final = re.compile(r"ArchiveTimestamp([1-9][0-9]?)")
FILES: Final = {"snapshot.json", "advice.json", "approvals.json", "questionnaire.json"}
DECISION: Final = "decision.json"
"""A fifth file, in a report with the decision of the official."""
TEST_MARK: Final = "TESTZEGEL"
"""A seal whose subject holds this word has no legal value."""

FIRST_APPROVALS: Final = "ethiek-approvals/1"
"""Before version 2 the list was not written down: one seal, and nothing else."""
WITHOUT_LEVEL: Final = (FIRST_APPROVALS, "ethiek-approvals/2")
"""Before version 3 the level was not written down either."""
LEVELS: Final = ("B-B", "B-T", "B-LT", "B-LTA")
"""Each holds what the one before it holds, and more (ETSI EN 319 142-1)."""

Signature = Mapping[str, Any]


def expected_fields(approvals: Mapping[str, Any]) -> list[str]:
    """The signature fields that the report was issued with, in order; empty if the file does not say it properly.

    >>> expected_fields({"format": "ethiek-approvals/3", "signatures": ["Seal", "ArchiveTimestamp1"]})
    ['Seal', 'ArchiveTimestamp1']
    >>> expected_fields({"format": "ethiek-approvals/1"}), expected_fields({"signatures": "Seal"})
    (['Seal'], [])
    """
    if approvals.get("format") == FIRST_APPROVALS:
        return [SEAL.name]
    named = approvals.get("signatures")
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        return []
    return named if _is_in_order(named) else []


def expected_level(approvals: Mapping[str, Any]) -> str | None:
    """The level that the report was issued with; None in an older format, empty if the file does not say it properly.

    >>> expected_level({"format": "ethiek-approvals/3", "level": "b-lta"})
    'B-LTA'
    >>> expected_level({"format": "ethiek-approvals/2"}), expected_level({"format": "ethiek-approvals/3"})
    (None, '')
    """
    if approvals.get("format") in WITHOUT_LEVEL:
        return None
    level = str(approvals.get("level")).upper()
    return level if level in LEVELS else ""


def carried_level(signatures: Sequence[Signature]) -> str:
    """The level of what the file brings along, whether or not the reader trusts it.

    >>> carried_level([{"kind": "seal", "stamp": None}])
    'B-B'
    """
    seal, *later = signatures
    if seal["stamp"] is None:
        return "B-B"
    if seal["trusted"] and not seal["stamp"]["why"] and not seal["kept"]:
        return "B-T"
    return "B-LTA" if any(one["kind"] == "stamp" for one in later) else "B-LT"


def fits(signatures: Sequence[Signature], expected: Sequence[str]) -> bool:
    """Exactly the expected signatures, in order; later time stamps of the archive may follow."""
    names = [str(signature["field"]) for signature in signatures]
    return bool(
        expected
        and names[: len(expected)] == list(expected)
        and _is_in_order(names)
        and all(signature["kind"] == kind_of_field(signature["field"]) for signature in signatures)
    )


def missing(signatures: Sequence[Signature], expected: Sequence[str]) -> list[str]:
    """The fields that were lost at the end: the file is an earlier state of a report, signed and all."""
    names = [str(signature["field"]) for signature in signatures]
    return list(expected[len(names) :]) if names == list(expected[: len(names)]) else []


def _is_in_order(names: Sequence[str]) -> bool:
    """The seal, then persons in the order in which they sign, and then time stamps with ever higher numbers."""
    stamps = [STAMP_FIELD.fullmatch(name) for name in persons_in_order(names[1:])]
    numbers = [int(match.group(1)) for match in stamps if match]
    return names[:1] == [SEAL.name] and len(numbers) == len(stamps) and numbers == sorted(set(numbers))
