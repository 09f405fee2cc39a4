"""Taking a dossier along as a file."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from ethiek import db
from ethiek.domain.actors import COMMITTEE_ROLES
from ethiek.domain.permissions import Permission
from ethiek.services import exporting
from ethiek.web import security
from ethiek.web.labels import EXPORT
from ethiek.web.security import requires

bp = Blueprint("exporting", __name__, url_prefix="/dossiers/<uuid:dossier_id>/exporteren")


@bp.get("")
@requires(Permission.DOSSIER_READ)
def index(dossier_id: UUID) -> ResponseReturnValue:
    """Offer the kinds of file."""
    with db.reading() as session:
        found = exporting.answered(session, dossier_id, security.stamp())
        access = found.access
        return render_template(
            "dossiers/export.html",
            access=access,
            found=found,
            kinds=EXPORT,
            is_committee=bool(access.roles & COMMITTEE_ROLES),
            is_draft=exporting.is_draft(access),
        )


@bp.get("/dossier.<any(odt, docx, md, json):extension>")
@requires(Permission.DOSSIER_READ)
def download(dossier_id: UUID, extension: str) -> ResponseReturnValue:
    """Give the dossier as a file; that it was taken along is an event."""
    with db.transaction() as session:
        name, kind, data = exporting.export(session, dossier_id, extension, security.stamp())
    return _as_file(name, kind.media_type, data)


@bp.get("/antwoorden.json")
@requires(Permission.DOSSIER_READ)
def answers_file(dossier_id: UUID) -> ResponseReturnValue:
    """Give the answers as a file for the Invulhulpen; that they were taken along is an event."""
    with db.transaction() as session:
        name, data = exporting.answers_file(session, dossier_id, security.stamp())
    return _as_file(name, "application/json", data)


def _as_file(name: str, media_type: str, data: bytes) -> Response:
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
