"""What the members of the documents are called, where somebody chooses what a public copy leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l

MEMBER: Final = {
    "absent": _l("Absent"),
    "adopted": _l("Adoption"),
    "answers": _l("Answers"),
    "approvals": _l("Approvals"),
    "attachments": _l("Attachments"),
    "by": _l("Name"),
    "changes": _l("Changes"),
    "choice": _l("Choice"),
    "choices": _l("Choices"),
    "committee": _l("Committee"),
    "conclusions": _l("Outcome"),
    "conditions": _l("Conditions"),
    "considerations": _l("Considerations and choices"),
    "date": _l("Date"),
    "decision": _l("Decision"),
    "description": _l("Description"),
    "dossier": _l("Dossier"),
    "due_on": _l("By when"),
    "kind": _l("It is about"),
    "meeting": _l("Meeting"),
    "motivation": _l("Motivation"),
    "name": _l("Name"),
    "note": _l("Note"),
    "number": _l("Number"),
    "organisation": _l("Organisation"),
    "owner": _l("Who sees to it"),
    "phase": _l("Phase"),
    "present": _l("Present"),
    "purpose": _l("Purpose"),
    "reason": _l("Reason"),
    "recusals": _l("Recusals"),
    "reference": _l("Reference"),
    "remarks": _l("Remarks"),
    "replies": _l("Replies"),
    "reviews": _l("Verdicts of members"),
    "role": _l("Role"),
    "rounds": _l("Rounds"),
    "sessions": _l("Gatherings"),
    "sha256": _l("Checksum (SHA-256)"),
    "submitted": _l("Submitted"),
    "team": _l("Team"),
    "text": _l("Text"),
    "title": _l("Title"),
    "unit": _l("Part of the organisation"),
    "warnings": _l("Warnings of the question set"),
}
"""By the name of the member; another part of the application may add members, which are shown by their own name."""

CHAPTER: Final = {
    "dossier": _l("The dossier"),
    "advice": _l("The advice"),
    "approvals": _l("The approvals"),
    "decision": _l("The decision of the official"),
}


def where(path: Sequence[str | int]) -> str:
    """Return the names and numbers that lead to a place, as people read them."""
    steps = (str(step + 1) if isinstance(step, int) else _name(step) for step in path)
    return " ".join(steps)


def _name(member: str) -> str:
    return str(MEMBER.get(member, member.replace("_", " ")))


def chapter_title(name: str) -> str:
    """Return what the texts of a document are called together."""
    return str(CHAPTER.get(name, name))
