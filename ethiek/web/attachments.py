"""Files of the team, and those that were handed in: a page, adding, taking away, and getting one."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.answers import Slot
from ethiek.domain.attachments import LARGEST_FILE, Scan
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import places
from ethiek.errors import InputError
from ethiek.incoming import files_of, scanner_of
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import answering, attachment_files, attachments
from ethiek.services.answering import Sheet
from ethiek.services.attachment_files import Readable
from ethiek.services.attachments import WHOLE, Placed
from ethiek.web import security
from ethiek.web.attachment_labels import SCAN
from ethiek.web.errors import record_refusal
from ethiek.web.forms.attachments import AttachmentForm, RemoveAttachmentForm
from ethiek.web.question_views import key_of, section_url
from ethiek.web.security import accepts_file, requires, sent_file

bp = Blueprint("attachments", __name__, url_prefix="/dossiers/<uuid:dossier_id>")

LARGEST_REQUEST: Final = 40_000_000
"""Bytes: somewhat more than the largest file, so that a file that is too large gets its answer at the form."""

SANDBOX: Final = "default-src 'none'; sandbox"
"""For a browser that would show a file all the same."""


@bp.get("/bijlagen")
@requires(Permission.ANSWER_EDIT)
def index(dossier_id: UUID) -> ResponseReturnValue:
    """List the files of a dossier, with a form to add one."""
    form = AttachmentForm(formdata=None, place=request.args.get("vraag", ""))
    return _page(dossier_id, form)


@bp.post("/bijlagen")
@requires(Permission.ANSWER_EDIT)
@accepts_file("file", LARGEST_REQUEST)
def add(dossier_id: UUID) -> ResponseReturnValue:
    """Add a file; what is refused is not kept anywhere."""
    form = AttachmentForm()
    try:
        _add(dossier_id, form)
    except InputError as error:
        form.refuse(error)
        page = _page(dossier_id, form, 422)  # for a stranger this is a 404, with an event of its own
        record_refusal(error.reason)
        return page
    flash(_("The file has been added. It is scanned for viruses now."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id, vraag=str(form.slot) or None), 303)


def _add(dossier_id: UUID, form: AttachmentForm) -> None:
    """Write the file to disk first, outside the transaction, and give it its name inside."""
    settings = _settings()
    if scanner_of(settings) is None:
        raise InputError("file", "no_scanner")
    name, data = sent_file("file", LARGEST_FILE)
    given = form.to_given(name, attachments.checked_kind(data, name))
    files = files_of(settings)
    with files.staged(data) as staged, db.transaction() as session:
        attachments.add(session, dossier_id, given, staged, files, security.stamp())


@bp.post("/bijlagen/<uuid:attachment_id>/verwijderen")
@requires(Permission.ANSWER_EDIT)
def remove(dossier_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Take a file away."""
    form = RemoveAttachmentForm()
    with db.transaction() as session:
        attachments.remove(session, dossier_id, attachment_id, security.stamp(form.revision.data))
    flash(_("The file has been removed."), "success")
    return redirect(url_for(".index", dossier_id=dossier_id), 303)


@bp.get("/bijlagen/<uuid:attachment_id>")
@requires(Permission.ANSWER_EDIT)
def read(dossier_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Give a file of the dossier as it is now; the reading is an event."""
    with db.transaction() as session:
        found = attachment_files.of_team(session, dossier_id, attachment_id, security.stamp())
    return _as_file(found)


@bp.get("/rondes/<int(min=1, max=9999):number>/bijlagen/<int(min=1, max=9999):place>")
@requires(Permission.ROUND_READ)
def read_in_round(dossier_id: UUID, number: int, place: int) -> ResponseReturnValue:
    """Give a file that was handed in; the reading is an event."""
    with db.transaction() as session:
        found = attachment_files.of_round(session, dossier_id, number, place, security.stamp())
    return _as_file(found)


def _as_file(found: Readable) -> Response:
    response = Response(files_of(_settings()).read(found.sha256), content_type=found.kind.media_type)
    response.headers["Content-Disposition"] = disposition(found.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def disposition(name: str) -> str:
    r"""Return the header with which a file is saved under its name, for browsers old and new (RFC 6266).

    >>> disposition("plan België.pdf")
    'attachment; filename="plan Belgi_.pdf"; filename*=UTF-8\'\'plan%20Belgi%C3%AB.pdf'
    """
    plain = "".join(one if " " <= one <= "~" and one not in '"\\%' else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _page(dossier_id: UUID, form: AttachmentForm, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        view = attachments.overview(session, dossier_id, security.stamp())
        form.offer(view.sheet.asked)
        page = render_template(
            "attachments/index.html",
            view=view,
            dossier=view.sheet.access.dossier,
            form=form,
            editable=answering.is_editable(view.sheet),
            has_scanner=scanner_of(_settings()) is not None,
            where=[_where(view.sheet.questionnaire, one) for one in view.files],
            scan_words=SCAN,
            back=_question_url(dossier_id, view.sheet, form.slot),
            infected=[one for one in view.files if one.attachment.scan is Scan.INFECTED],
        )
    return page, status


def _where(questionnaire: Questionnaire, placed: Placed) -> str:
    """What the question is called at which a file stands; empty for the dossier as a whole."""
    known = places(questionnaire).get(placed.slot.question)
    if placed.slot == WHOLE or known is None:
        return ""
    return f"{known.question.number} {known.question.text}".strip()


def _question_url(dossier_id: UUID, sheet: Sheet, slot: Slot) -> str:
    """Where the question stands that somebody came from; empty without one."""
    section = next((place.section for place in sheet.asked if place.slot == slot), None)
    return f"{section_url(dossier_id, section.id)}#{key_of(slot)}" if section else ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
