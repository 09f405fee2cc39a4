"""Unsigned PDF: a dossier as a concept, several of them for a meeting, and a whole dossier to be read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.services import concepts, full_dossier
from ethiek.web import security
from ethiek.web.forms.agenda import AgendaForm
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


@bp.route("/commissie/vergaderstukken", methods=["GET", "POST"])
@requires(Permission.CASE_MANAGE)
def papers() -> ResponseReturnValue:
    """Let the secretary choose what is discussed, and print it for the meeting."""
    form = AgendaForm()
    if not form.validate_on_submit():
        return _agenda(form)
    settings: Settings = current_app.extensions["settings"]
    try:
        with db.transaction() as session:
            source = concepts.bundle_of(
                session,
                form.chosen(),
                form.heading,
                settings.organisation,
                settings.house,
                security.stamp(),
            )
    except InputError as error:
        form.refuse(error)
        return _agenda(form)
    return _as_file(form.file_name, concepts.printed(source))


def _agenda(form: AgendaForm) -> ResponseReturnValue:
    with db.reading() as session:
        found = {str(dossier.id): dossier for dossier in concepts.to_discuss(session, security.stamp())}
        form.offer([dossier.id for dossier in found.values()])
        form.title.data = form.title.data if form.is_submitted() else _("Meeting of the committee")
        page = render_template(
            "committee/agenda.html", form=form, dossiers=found, most=concepts.MOST_IN_A_BUNDLE
        )
    return page, 422 if form.errors else 200


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
