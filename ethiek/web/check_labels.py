"""What the public check says of a report: kind of message, heading and explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from ethiek.domain.report_status import ReportStatus, StatusChange
from ethiek.services.report_check import Outcome


@dataclass(frozen=True, slots=True)
class Message:
    """``kind``: success, warning or error."""

    kind: str
    title: LazyString
    text: LazyString


OUTCOME: Final = {
    Outcome.VALID: Message(
        "success",
        _l("This report is genuine and valid"),
        _l("This organisation issued exactly this file. Nothing in it has changed."),
    ),
    Outcome.SUPERSEDED: Message(
        "warning",
        _l("This report is genuine, but there is a later one"),
        _l("This organisation issued exactly this file. Later it issued another report on the same dossier."),
    ),
    Outcome.WITHDRAWN: Message(
        "error",
        _l("This report is genuine, but it was withdrawn"),
        _l("This organisation issued exactly this file, and then withdrew it. It does not count any more."),
    ),
    Outcome.ELSEWHERE: Message(
        "warning",
        _l("This report was not issued here"),
        _l(
            "The file is in order by itself, but it is not in this archive. Ask the organisation that it names."
        ),
    ),
    Outcome.FAILED: Message(
        "error",
        _l("This is not a report that was issued here"),
        _l("Something in it was changed, or it never was a signed report. Ask for the original file."),
    ),
    Outcome.UNREADABLE: Message(
        "error",
        _l("This file cannot be checked"),
        _l("It is no PDF, it is damaged, or checking it takes too long. Ask for the original file."),
    ),
}

STATE: Final = {
    ReportStatus.VALID: Message(
        "success",
        _l("The report with this code is valid"),
        _l("Compare below whether the file that you have is that report."),
    ),
    ReportStatus.SUPERSEDED: Message(
        "warning",
        _l("There is a later report"),
        _l("The report with this code was issued, and later another one on the same dossier."),
    ),
    ReportStatus.WITHDRAWN: Message(
        "error",
        _l("The report with this code was withdrawn"),
        _l("It was issued, but it does not count any more."),
    ),
}

STATE_NAME: Final = {
    ReportStatus.VALID: _l("Valid"),
    ReportStatus.SUPERSEDED: _l("Replaced by a later report"),
    ReportStatus.WITHDRAWN: _l("Withdrawn"),
}

DONE: Final = {
    StatusChange.WITHDRAWN: _l("The report has been withdrawn. Who checks it sees that from now on."),
    StatusChange.RESTORED: _l("The report counts again. Who checks it sees that from now on."),
}
