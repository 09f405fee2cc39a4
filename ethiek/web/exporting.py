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
        access = exporting.access_to(session, dossier_id, security.stamp())
        return render_template(
            "dossiers/export.html",
            access=access,
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
    response = Response(data, content_type=kind.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
