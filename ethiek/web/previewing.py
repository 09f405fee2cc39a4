"""The report of an advice that waits for approval, as a file and as pictures of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.errors import BusyError, RenderError
from ethiek.reports.pictures import A4, Picture
from ethiek.reports.source import ReportSource
from ethiek.services import previewing
from ethiek.services.previewing import Press
from ethiek.web import seal_notice, security
from ethiek.web.security import requires

bp = Blueprint("previewing", __name__, url_prefix="/dossiers/<uuid:dossier_id>/advies")

PRESS: Final = Press()
"""Of this server process."""
FIRST_PAGES: Final = 2
"""Every report has a cover and a summary, so these can be asked for before anybody knows how many there are."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a page about an advice can show of its report. ``total``: 0 when it was not made yet.

    ``sizes``: width and height in pixels of the pages with a picture. ``failed``: it was asked for, but not made.
    """

    sizes: tuple[tuple[int, int], ...]
    total: int
    failed: bool = False


UNMADE: Final = Pages((A4,) * FIRST_PAGES, 0)


def present_pages(session: db.Session, dossier_id: UUID) -> Pages:
    """Return what is known of the preview now, without waiting for anything."""
    known = PRESS.known(_source(session, dossier_id))
    return UNMADE if known is None else _pages(known.pictures.pages, known.pictures.total)


def all_pages(dossier_id: UUID) -> Pages:
    """Return all pages of the preview, made now if need be; that takes some seconds.

    Raises:
        NotFoundError: no advice waits for the approval of this person.
    """
    with db.reading() as session:
        source = _source(session, dossier_id)
    try:
        pictures = PRESS.preview(source).pictures
    except (BusyError, RenderError):
        return Pages((), 0, failed=True)
    return _pages(pictures.pages, pictures.total)


def _pages(pictures: tuple[Picture, ...], total: int) -> Pages:
    return Pages(tuple((picture.width, picture.height) for picture in pictures), total)


@bp.get("/voorbeeld.pdf")
@requires(Permission.ADVICE_APPROVE)
def file(dossier_id: UUID) -> ResponseReturnValue:
    """Give the whole preview; that it was taken along is an event."""
    with db.transaction() as session:
        source = _source(session, dossier_id)
        previewing.note_taken(session, dossier_id, source, security.stamp())
    response = Response(PRESS.preview(source).pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="voorbeeld.pdf"'
    return response


@bp.get("/voorbeeld/<int(min=1, max=9999):number>.png")
@requires(Permission.ADVICE_APPROVE)
def page(dossier_id: UUID, number: int) -> ResponseReturnValue:
    """Give the picture of one page; the first that is asked for makes them all."""
    with db.reading() as session:
        source = _source(session, dossier_id)
    pictures = PRESS.preview(source).pictures.pages
    if number > len(pictures):
        abort(404)
    return Response(pictures[number - 1].png, content_type="image/png")


def _source(session: db.Session, dossier_id: UUID) -> ReportSource:
    """Gather the preview of the advice that was on the screen."""
    settings: Settings = current_app.extensions["settings"]
    return previewing.to_preview(
        session,
        dossier_id,
        security.stamp(),
        sha256=request.args.get("advies", ""),
        test_seal=seal_notice.is_test(),
        public_url=settings.public_url,
        house=settings.house,
    )
