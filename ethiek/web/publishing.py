"""The public copy of a signed report: mark what is left out, look, lay it before the chair, adopt it, read it."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.domain.redactions import Redaction
from ethiek.errors import InputError
from ethiek.reports.archive import Archive
from ethiek.reports.isolated import render_isolated
from ethiek.services import public_copies, public_texts, publishing
from ethiek.services.public_texts import Entry, Sheet
from ethiek.services.publishing import Presented
from ethiek.web import security
from ethiek.web.forms.publishing import CopyForm, EverywhereForm, PlaceForm, TakeBackForm
from ethiek.web.publishing_labels import chapter_title, where
from ethiek.web.publishing_views import boxed, ground_name, place_of, unmarked
from ethiek.web.security import requires

bp = Blueprint("publishing", __name__)
ROOT: Final = "/dossiers/<uuid:dossier_id>/openbare-versie"
SECONDS: Final = 120.0
"""A copy of a report of 200 pages takes 12 on a quiet machine."""


@bp.get(ROOT)
@requires(Permission.REPORT_READ)
def show(dossier_id: UUID) -> ResponseReturnValue:
    """Show the public copies of a report, and to its secretary and chair what is on the way."""
    with db.reading() as session:
        found = publishing.publication(session, dossier_id, security.stamp(), Permission.REPORT_READ)
        sheet = None
        if found.access.may(Permission.PUBLICATION_PREVIEW):
            stamp = security.stamp()
            sheet = public_texts.sheet(session, dossier_id, stamp, Permission.PUBLICATION_PREVIEW)
        return render_template(
            "publishing/show.html",
            view=found,
            sheet=sheet,
            dossier=found.access.dossier,
            form=CopyForm(formdata=None, sha256=found.sha256),
            place_of=place_of,
            ground_name=ground_name,
        )


@bp.route(f"{ROOT}/lakken", methods=["GET", "POST"])
@requires(Permission.REPORT_PUBLISH)
def redact(dossier_id: UUID) -> ResponseReturnValue:
    """Show the whole text, and leave out a text, a passage in it, or a piece of a table."""
    form = PlaceForm()
    if form.is_submitted():
        if form.validate() and _added(dossier_id, form.to_redaction(), form):
            return redirect(url_for(".redact", dossier_id=dossier_id, _anchor=request.args.get("plek")), 303)
        return _redact_page(dossier_id, place=form)
    return _redact_page(dossier_id)


@bp.post(f"{ROOT}/overal")
@requires(Permission.REPORT_PUBLISH)
def everywhere(dossier_id: UUID) -> ResponseReturnValue:
    """Leave out a name or another passage wherever it stands."""
    form = EverywhereForm()
    if form.validate() and _added(dossier_id, form.to_redaction(), form):
        return redirect(url_for(".redact", dossier_id=dossier_id, _anchor="overal"), 303)
    return _redact_page(dossier_id, everywhere=form)


def _added(dossier_id: UUID, given: Redaction, form: EverywhereForm | PlaceForm) -> bool:
    try:
        with db.transaction() as session:
            hits = publishing.add(session, dossier_id, given, form.sha256.data, security.stamp())
    except InputError as error:
        form.refuse(error)
        return False
    flash(_("This is left out now. Number of places: %(number)s.", number=hits), "success")
    return True


def _redact_page(
    dossier_id: UUID, place: PlaceForm | None = None, everywhere: EverywhereForm | None = None
) -> ResponseReturnValue:
    with db.reading() as session:
        sheet = public_texts.sheet(session, dossier_id, security.stamp(), Permission.REPORT_PUBLISH)
        seen = sheet.publication.record.advice_sha256
        form = place or PlaceForm(formdata=None, sha256=seen)
        chosen = _chosen(sheet)
        if chosen:
            form.offer(chosen)
        page = render_template(
            "publishing/redact.html",
            sheet=sheet,
            dossier=sheet.publication.access.dossier,
            place=form,
            chosen=chosen.key if chosen else "",
            everywhere=everywhere or EverywhereForm(formdata=None, sha256=seen),
            place_of=place_of,
            ground_name=ground_name,
            boxed=boxed,
            unmarked=unmarked,
            take_back=partial(_take_back_url, dossier_id),
            where=where,
            chapter_title=chapter_title,
        )
    return page, 422 if form.errors or (everywhere and everywhere.errors) else 200


def _take_back_url(dossier_id: UUID, redaction_id: UUID) -> str:
    return url_for(".take_back", dossier_id=dossier_id, redaction_id=redaction_id)


def _chosen(sheet: Sheet) -> Entry | None:
    """The entry at which the form stands."""
    key = request.args.get("plek")
    entries = (entry for chapter in sheet.chapters for entry in chapter.entries)
    return next((entry for entry in entries if entry.key == key), None)


@bp.post(f"{ROOT}/lakken/<uuid:redaction_id>/terug")
@requires(Permission.REPORT_PUBLISH)
def take_back(dossier_id: UUID, redaction_id: UUID) -> ResponseReturnValue:
    """Take back that something is left out."""
    form = TakeBackForm()
    if form.validate():
        with db.transaction() as session:
            publishing.remove(session, dossier_id, redaction_id, form.sha256.data, security.stamp())
        flash(_("This is not left out any more."), "success")
    return redirect(url_for(".redact", dossier_id=dossier_id, _anchor="gelakt"), 303)


@bp.get(f"{ROOT}/voorbeeld.pdf")
@requires(Permission.PUBLICATION_PREVIEW)
def preview(dossier_id: UUID) -> ResponseReturnValue:
    """Print the public copy as it would be now."""
    with db.reading() as session:
        source = public_copies.preview_of(session, dossier_id, _presented(), security.stamp())
    return _as_file("openbare-versie-voorbeeld.pdf", render_isolated(source, SECONDS))


@bp.post(f"{ROOT}/voorleggen")
@requires(Permission.REPORT_PUBLISH)
def propose(dossier_id: UUID) -> ResponseReturnValue:
    """Lay what is marked before the chair."""
    form = CopyForm()
    if form.validate():
        with db.transaction() as session:
            publishing.propose(session, dossier_id, form.sha256.data, security.stamp())
        flash(_("The public copy has been laid before the chair."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


@bp.post(f"{ROOT}/vaststellen")
@requires(Permission.PUBLICATION_ADOPT)
def adopt(dossier_id: UUID) -> ResponseReturnValue:
    """Adopt the public copy that was laid before the chair; it is rendered outside every transaction."""
    form = CopyForm()
    if form.validate():
        stamp = security.stamp()
        with db.reading() as session:
            source = public_copies.to_adopt(session, dossier_id, form.sha256.data, _presented(), stamp)
        file = _archive().put(render_isolated(source, SECONDS))
        with db.transaction() as session:
            public_copies.adopt(session, dossier_id, source, file, stamp)
        flash(_("The public copy has been adopted. It does not change any more."), "success")
    return redirect(url_for(".show", dossier_id=dossier_id), 303)


@bp.get(f"{ROOT}/<int(min=1, max=9999):number>.pdf")
@requires(Permission.REPORT_READ)
def download(dossier_id: UUID, number: int) -> ResponseReturnValue:
    """Give an adopted copy as it is in the archive; the reading is an event."""
    with db.transaction() as session:
        copy, reference = public_copies.read(session, dossier_id, number, security.stamp())
        pdf, name = _archive().read(copy.sha256), public_copies.file_name(reference, copy.version)
    return _as_file(name, pdf)


@bp.get("/archief/openbaar/<uuid:copy_id>.pdf")
@requires(Permission.ARCHIVE_READ)
def archived(copy_id: UUID) -> ResponseReturnValue:
    """Give an auditor any adopted copy; the reading is an event, also if the file is damaged."""
    with db.transaction() as session:
        copy, reference = public_copies.read_archived(session, copy_id, security.stamp())
        sha256, name = copy.sha256, public_copies.file_name(reference, copy.version)
    return _as_file(name, _archive().read(sha256))


def _presented() -> Presented:
    settings: Settings = current_app.extensions["settings"]
    return Presented(settings.public_url, settings.house)


def _archive() -> Archive:
    settings: Settings = current_app.extensions["settings"]
    return Archive(settings.archive_folder)


def _as_file(name: str, pdf: bytes) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
