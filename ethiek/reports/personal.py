"""Signatures of persons behind the seal: which there may be, in which order, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .fields import APPROVAL_NAMES, SEAL

SEALED: Final = "seal"
APPROVAL: Final = "approval"
STAMPED: Final = "stamp"

Facts = Mapping[str, Any]


def kind_of(field: str, *, is_stamp: bool) -> str:
    """What a signature is: a time stamp, the approval of a person, or a seal, whoever set it."""
    if is_stamp:
        return STAMPED
    return APPROVAL if field in APPROVAL_NAMES else SEALED


def kind_of_field(field: str) -> str:
    """What is meant to be in a field.

    >>> kind_of_field("Seal"), kind_of_field("ApprovalChair"), kind_of_field("ArchiveTimestamp1")
    ('seal', 'approval', 'stamp')
    """
    return SEALED if field == SEAL.name else kind_of(field, is_stamp=field not in APPROVAL_NAMES)


def approvals_in(signatures: Sequence[Facts]) -> list[Facts]:
    """The signatures of persons, in the order in which they were set."""
    return [one for one in signatures if one["kind"] == APPROVAL]


def persons_in_order(names: Sequence[str]) -> list[str]:
    """The names of a list without those of persons at its start; as they are if these are in the wrong order.

    >>> persons_in_order(["ApprovalChair", "ApprovalSecretary", "ArchiveTimestamp1"])
    ['ArchiveTimestamp1']
    >>> persons_in_order(["ApprovalSecretary", "ApprovalChair"])
    ['ApprovalChair']
    """
    rest = list(names)
    for name in APPROVAL_NAMES:
        if rest[:1] == [name]:
            rest = rest[1:]
    return rest


def only_signed(signatures: Sequence[Facts], number: int) -> bool:
    """What came after a signature was nothing, time stamps, or the signatures of persons that are still to come.

    Behind a broken signature nobody looked; that it is broken is told already.
    """
    changes = signatures[number]["changes"]
    return changes in ("none", "stamped", "unknown") or (
        changes == "signed" and bool(approvals_in(signatures[number + 1 :]))
    )


def forbids_changes(seal: Facts, expected: Sequence[str]) -> bool:
    """The seal forbids every change; where persons sign behind it, every one but that."""
    persons = any(name in APPROVAL_NAMES for name in expected)
    return bool(seal["certifies"] == ("but signatures" if persons else "all"))


def refusal(signatures: Sequence[Facts]) -> tuple[str, str]:
    """The field of the first signature of a person that does not count, and why; both are empty if all count."""
    for number, one in enumerate(signatures):
        if one["kind"] == APPROVAL and (why := _why_not(one, signatures[:number])):
            return str(one["field"]), why
    return "", ""


def _why_not(one: Facts, before: Sequence[Facts]) -> str:
    if not one["trusted"]:
        return str(one["why"])
    if not before or one["revision"] != before[-1]["revision"] + 1:
        return "between"
    if one["certificate"] in {other["certificate"] for other in before}:
        return "same"
    if before[0]["proven_at"] and not one["proven_at"]:
        return "no_stamp"
    return "" if one["intact"] and one["at"] else "broken"
