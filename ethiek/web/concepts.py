"""Unsigned PDF: a dossier as a concept, several of them for a meeting, and a whole dossier to be read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.reports.values import day_words
from ethiek.services import concepts, full_dossier
from ethiek.web import security
from ethiek.web.security import requires

bp = Blueprint("concepts", __name__)


@bp.get("/dossiers/<uuid:dossier_id>/concept.pdf")
@requires(Permission.DOSSIER_READ)
def show(dossier_id: UUID) -> ResponseReturnValue:
    """Print the dossier as it is for this person; that it was taken along is an event."""
    settings: Settings = current_app.extensions["settings"]
    with db.transaction() as session:
        name, source = concepts.concept_of(
            session, dossier_id, settings.organisation, settings.house, security.stamp()
        )
    return _as_file(name, concepts.printed(source))


@bp.get("/commissie/vergaderbundel.pdf")
@requires(Permission.CASE_MANAGE)
def bundle() -> ResponseReturnValue:
    """Print what the secretary's committees have in review now, for a meeting."""
    settings: Settings = current_app.extensions["settings"]
    stamp = security.stamp()
    title = f"Dossiers in behandeling op {day_words(stamp.at.isoformat())}"
    with db.transaction() as session:
        source = concepts.bundle_of(session, title, settings.organisation, settings.house, stamp)
    return _as_file("vergaderbundel.pdf", concepts.printed(source))


@bp.get("/dossiers/<uuid:dossier_id>/volledig.pdf")
@requires(Permission.ROUND_READ)
def full(dossier_id: UUID) -> ResponseReturnValue:
    """Print every round of a dossier; that it was taken along is an event."""
    settings: Settings = current_app.extensions["settings"]
    with db.transaction() as session:
        name, source = full_dossier.for_dossier(
            session, dossier_id, settings.organisation, settings.house, security.stamp()
        )
    return _as_file(name, concepts.printed(source))


@bp.get("/archief/<uuid:record_id>/volledig.pdf")
@requires(Permission.ARCHIVE_READ)
def full_from_archive(record_id: UUID) -> ResponseReturnValue:
    """Print the whole dossier of a signed report, for the auditor."""
    settings: Settings = current_app.extensions["settings"]
    with db.transaction() as session:
        name, source = full_dossier.for_auditor(
            session, record_id, settings.organisation, settings.house, security.stamp()
        )
    return _as_file(name, concepts.printed(source))


def _as_file(name: str, pdf: bytes) -> Response:
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
