"""Question sets from files of others, and published ones as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError, QuestionnaireError
from ethiek.questionnaires.exchange.imported import Loss
from ethiek.services import exchange
from ethiek.web import security
from ethiek.web.forms.exchange import ImportForm
from ethiek.web.loss_labels import FORMAT, LOSS, unreadable
from ethiek.web.security import accepts_file, requires

bp = Blueprint("exchange", __name__, url_prefix="/vragenlijsten")

LARGEST_UPLOAD: Final = 1024 * 1024
"""Bytes; the largest public question set has some 110,000. The command line takes larger ones."""

_TYPES: Final = {"yaml": "application/yaml", "json": "application/json"}

_REFUSED: Final = {
    "published": _l("This version is published already. Give it another name."),
    "taken": _l("This version is being written already. Give it another name, or discard that draft."),
    "too_long": _l("The name, the title or the whole question set is too long."),
}


@bp.route("/importeren", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
@accepts_file("file", LARGEST_UPLOAD)
def upload() -> ResponseReturnValue:
    """Take a file, and make a draft of what is in it."""
    form = ImportForm()
    if form.validate_on_submit() and (draft_id := _imported(form)):
        flash(_("The question set is a draft now. Look at what could not be taken over."), "success")
        return redirect(url_for(".imported", draft_id=draft_id), 303)
    return render_template("exchange/upload.html", form=form), 422 if form.errors else 200


def _imported(form: ImportForm) -> UUID | None:
    """Make the draft; what stands in the way of it is told at the form."""
    file = form.file.data
    try:
        with db.transaction() as session:
            draft_id, _found = exchange.import_draft(
                session, file.read(), file.filename or "", security.stamp(), form.to_wishes()
            )
    except QuestionnaireError as error:
        form.file.errors = [unreadable(error)]
        return None
    except InputError as error:
        form.name.errors = [_REFUSED[error.reason]]
        return None
    return draft_id


@bp.get("/importeren/<uuid:draft_id>")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def imported(draft_id: UUID) -> ResponseReturnValue:
    """Show what could not be taken over from the file that a draft came from."""
    with db.reading() as session:
        draft = exchange.imported_draft(session, draft_id, security.stamp())
        return render_template(
            "exchange/imported.html", draft=draft, losses=_by_sort(draft.losses), format=FORMAT[draft.format]
        )


@bp.get("/versies/<instrument>/<version>/bestand.<any(yaml, json):format_>")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def export(instrument: str, version: str, format_: str) -> ResponseReturnValue:
    """Give a published question set as a file that can be imported again."""
    with db.reading() as session:
        data = exchange.export(session, f"{instrument}/{version}", format_)
    response = Response(data, mimetype=_TYPES[format_])
    response.headers["Content-Disposition"] = f'attachment; filename="{instrument}-{version}.{format_}"'
    return response


@dataclass(frozen=True, slots=True)
class LossGroup:
    """All losses of one sort."""

    sentence: LazyString
    losses: tuple[Loss, ...]


def _by_sort(losses: Iterable[Loss]) -> list[LossGroup]:
    sorts: dict[str, list[Loss]] = {}
    for loss in losses:
        sorts.setdefault(loss.what, []).append(loss)
    return [LossGroup(LOSS[found[0].what], tuple(found)) for found in sorts.values()]
