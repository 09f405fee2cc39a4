"""What a question set concludes, as plain values for the panel of ``macros/outcome.html`` and for its script."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ethiek import db
from ethiek.domain.conclusions import Findings
from ethiek.domain.permissions import Permission
from ethiek.questionnaires.model import Conclusion, Level, Questionnaire
from ethiek.services import follow_up
from ethiek.services.answering import Sheet
from ethiek.web import security


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """One conclusion. ``url``: where a dossier with the instrument it points to can be started, or empty."""

    level: Level
    title: str
    reason: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """The panel: conclusions, or a text that says why there are none (yet)."""

    text: str
    items: tuple[ConclusionView, ...]


def outcome_view(
    session: db.Session, findings: Findings | None, dossier_id: UUID, language: str
) -> OutcomeView | None:
    """Return the panel of a dossier; None where its question set concludes nothing."""
    if findings is None:
        return None
    wanted = {one.instrument for one in findings.conclusions if _leads_on(one)}
    sets = follow_up.offered(session, wanted, language, security.now().date()) if wanted else {}
    items = tuple(
        _conclusion(one, dossier_id, sets.get(one.instrument) if _leads_on(one) else None)
        for one in findings.conclusions
    )
    return OutcomeView("" if items else _why_none(findings), items)


def outcome_of(session: db.Session, sheet: Sheet) -> OutcomeView | None:
    """Return the panel of a dossier as it is filled in now."""
    return outcome_view(session, sheet.findings, sheet.access.dossier.id, sheet.questionnaire.language)


def _leads_on(one: Conclusion) -> bool:
    """Tell whether there is something to start: an instrument that is needed, for somebody who may start dossiers."""
    needed = bool(one.instrument) and one.level is not Level.NOT_NEEDED
    return needed and security.may(Permission.DOSSIER_CREATE)


def _conclusion(one: Conclusion, dossier_id: UUID, start_with: Questionnaire | None) -> ConclusionView:
    if start_with is None:
        return ConclusionView(one.level, one.title, one.reason, "", "")
    url = url_for("dossiers.start", van=dossier_id, instrument=one.instrument)
    link = _("Start a dossier with %(instrument)s", instrument=start_with.short_title)
    return ConclusionView(one.level, one.title, one.reason, url, link)


def _why_none(findings: Findings) -> str:
    if findings.stops:
        return str(
            _("The questions ended early. As long as that is so, nothing else follows from the answers.")
        )
    if findings.left:
        return str(
            ngettext(
                "%(num)s question left. After that the outcome is shown here.",
                "%(num)s questions left. After that the outcome is shown here.",
                findings.left,
            )
        )
    return str(_("Nothing follows from these answers."))
