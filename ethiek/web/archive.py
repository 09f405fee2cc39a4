"""The archive: search, read one report, or take a selection along. Nothing can be changed here."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.files.store import FileStore
from ethiek.incoming import files_of
from ethiek.reports.archive import Archive
from ethiek.reports.bundle import Entry, zip_stream
from ethiek.services import (
    archive,
    archive_files,
    attachment_files,
    public_copies,
    report_status,
    worklists,
)
from ethiek.services.archive import Filter, Mark
from ethiek.web import security
from ethiek.web.check_labels import STATE_NAME
from ethiek.web.decision_labels import OUTCOME
from ethiek.web.forms.archive import EVERYTHING, FilterForm
from ethiek.web.lists import mark_from, next_url
from ethiek.web.security import requires, uuid_of

bp = Blueprint("archive", __name__, url_prefix="/archief")

LARGEST_BUNDLE: Final = 500
"""Reports in one ZIP."""


@bp.get("")
@requires(Permission.ARCHIVE_READ)
def index() -> ResponseReturnValue:
    """Search the archive, page by page."""
    with db.reading() as session:
        form = FilterForm(request.args)
        form.offer(archive.choices(session))
        valid = form.validate()
        wanted = form.to_filter() if valid else Filter()
        records, following = archive.search(session, wanted, security.stamp(), _mark(), archive.PAGE_SIZE)
        names = {"state_names": STATE_NAME, "outcomes": OUTCOME}
        copies = public_copies.copies_of(session, records)
        page = {"records": records, "next_url": next_url(_as_mark(following)), "largest": LARGEST_BUNDLE}
        return render_template(
            "archive/index.html",
            form=form,
            everything=EVERYTHING,
            filters=_filters(),
            states=report_status.states(session, records),
            copies=copies,
            **page,
            **names,
        ), 200 if valid else 422


@bp.get("/<uuid:record_id>.pdf")
@requires(Permission.ARCHIVE_READ)
def report(record_id: UUID) -> ResponseReturnValue:
    """Give one signed report, after its SHA-256 was checked; the reading is an event, also if the file is damaged."""
    with db.transaction() as session:
        record = archive.read(session, record_id, security.stamp())
        sha256, name = record.newest_sha256, archive_files.file_name(record)
    response = Response(_files().read(sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/zip")
@requires(Permission.ARCHIVE_READ)
def bundle() -> ResponseReturnValue:
    """Stream a ZIP of what is ticked, or of everything that the search in the address finds."""
    try:
        entries = _everything() if request.form.get("wat") == EVERYTHING else _ticked()
    except InputError as error:
        flash(_REFUSED[error.reason] % {"largest": LARGEST_BUNDLE}, "error")
        return redirect(url_for(".index", **_filters()), 303)
    response = Response(zip_stream(entries), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="ethiek-archief.zip"'
    return response


_REFUSED: Final = {
    "required": _l("Tick at least one report."),
    "too_many": _l(
        "More than %(largest)s reports were found. Make the search narrower, and take them in parts."
    ),
}


def _ticked() -> list[Entry]:
    chosen = [uuid_of(text) for text in request.form.getlist("stuk")]
    if not chosen:
        raise InputError("stuk", "required")
    if len(chosen) > LARGEST_BUNDLE:
        raise InputError("stuk", "too_many")
    with db.transaction() as session:
        records = archive.read_many(session, chosen, security.stamp())
        return list(attachment_files.with_attachments(session, records, _files(), _attachments()))


def _everything() -> list[Entry]:
    with db.transaction() as session:
        form = FilterForm(request.args)
        form.offer(archive.choices(session))
        if not form.validate():
            abort(400)
        records = archive.read_filtered(session, form.to_filter(), security.stamp(), LARGEST_BUNDLE)
        return list(attachment_files.with_attachments(session, records, _files(), _attachments()))


def _files() -> Archive:
    settings: Settings = current_app.extensions["settings"]
    return Archive(settings.archive_folder)


def _attachments() -> FileStore:
    settings: Settings = current_app.extensions["settings"]
    return files_of(settings)


def _filters() -> dict[str, Any]:
    """The search in the address, without the place in the list."""
    return {name: value for name, value in request.args.items() if name in FilterForm.NAMES and value}


def _mark() -> Mark | None:
    mark = mark_from(request.args)
    if mark is None:
        return None
    if mark.at is None:
        abort(400)
    return Mark(mark.at, mark.id)


def _as_mark(mark: Mark | None) -> worklists.Mark | None:
    return None if mark is None else worklists.Mark(mark.id, mark.signed_at)
