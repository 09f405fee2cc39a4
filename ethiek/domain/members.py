"""Which members of the documents are codes, moments or checksums. Whatever is not listed here is text.

That way round, because a member that somebody adds later and forgets here is searched, not overlooked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

Path = Sequence[str | int]
"""Names of members and indexes of items, from the top of a document."""

SHARED: Final = frozenset({"questionnaire"})
"""Documents that are the same for every dossier: nothing in them is about somebody, and they are searched along."""

CODES: Final = frozenset(
    {
        "snapshot/format",
        "snapshot/dossier/id",
        "snapshot/questionnaire/key",
        "snapshot/questionnaire/language",
        "snapshot/questionnaire/sha256",
        "snapshot/submitted/at",
        "snapshot/answers/*/question",
        "snapshot/answers/*/item",
        "snapshot/answers/*/answer/choice",
        "snapshot/answers/*/answer/choices/*",
        "snapshot/warnings/*/question",
        "snapshot/warnings/*/item",
        "snapshot/warnings/*/effect",
        "snapshot/not_asked/*",
        "snapshot/conclusions/*/id",
        "snapshot/conclusions/*/level",
        "snapshot/attachments/*/question",
        "snapshot/attachments/*/item",
        "snapshot/attachments/*/type",
        "snapshot/attachments/*/sha256",
        "snapshot/sessions/*/on",
        "advice/format",
        "advice/dossier/id",
        "advice/snapshot_sha256",
        "advice/verdict",
        "advice/reviews/*/verdict",
        "advice/reviews/*/at",
        "advice/remarks/*/question",
        "advice/remarks/*/item",
        "advice/remarks/*/at",
        "advice/remarks/*/replies/*/at",
        "advice/rounds/*/submitted_at",
        "advice/rounds/*/sha256",
        "advice/rounds/*/changes/*/question",
        "advice/rounds/*/changes/*/item",
        "advice/rounds/*/changes/*/kind",
        "advice/adopted/at",
        "advice/recusals/*/role",
        "advice/recusals/*/at",
        "advice/meeting/on",
        "advice/meeting/present/*/role",
        "advice/meeting/absent/*/role",
        "approvals/format",
        "approvals/advice_sha256",
        "approvals/level",
        "approvals/signatures/*",
        "approvals/approvals/*/role",
        "approvals/approvals/*/at",
        "decision/format",
        "decision/advice_sha256",
        "decision/report_sha256",
        "decision/dossier/id",
        "decision/follows",
        "decision/outcome",
        "decision/decided/at",
        "decision/replaces/sha256",
    }
)
"""Members that are codes, moments or checksums: a passage in them is no text. Whatever is not listed is text."""

SHARED_CODES: Final = frozenset(
    (
        *("id", "version", "language", "kind", "repeat_for", "recalls", "suggests"),
        *("question", "test", "values", "combine", "effect", "level"),
    )
)
"""The same for a question set, whose members keep their meaning at every depth."""

ALONG: Final = frozenset(
    {
        "snapshot/answers/*/answer/choice",
        "snapshot/answers/*/answer/choices/*",
        "snapshot/attachments/*/sha256",
    }
)
"""Codes that say what was written: they go when the whole place goes."""


def is_code(document: str, path: Path) -> bool:
    """Tell whether a text in a document is none for people.

    >>> is_code("advice", ("reviews", 0, "verdict")), is_code("advice", ("reviews", 0, "motivation"))
    (True, False)
    """
    if document in SHARED:
        return any(step in SHARED_CODES for step in path)
    return _pattern(document, path) in CODES


def goes_along(document: str, path: Path) -> bool:
    """Tell whether a code goes when all of the place that it is in goes."""
    return _pattern(document, path) in ALONG


def _pattern(document: str, path: Path) -> str:
    return "/".join((document, *(step if isinstance(step, str) else "*" for step in path)))
