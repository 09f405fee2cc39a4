"""Whether an issued report still counts. A report itself never changes; what is said about it can."""

from __future__ import annotations

from enum import StrEnum


class ReportStatus(StrEnum):
    """What holds for an issued report now (NL: geldig, vervangen, ingetrokken)."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class StatusChange(StrEnum):
    """What a chair can do with an issued report."""

    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


def report_status(last: StatusChange | None, *, superseded: bool) -> ReportStatus:
    """Tell what holds; a report that was withdrawn stays so when a later one is issued.

    Args:
        last: the last thing that a chair did with it.
        superseded: the same dossier has a later report.

    >>> str(report_status(StatusChange.RESTORED, superseded=True))
    'superseded'
    """
    if last is StatusChange.WITHDRAWN:
        return ReportStatus.WITHDRAWN
    return ReportStatus.SUPERSEDED if superseded else ReportStatus.VALID


def next_change(last: StatusChange | None) -> StatusChange:
    """Return the only change that is possible now: withdraw what counts, restore what was withdrawn."""
    return StatusChange.RESTORED if last is StatusChange.WITHDRAWN else StatusChange.WITHDRAWN
