"""A chair says whether an issued report still counts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import InputError
from ethiek.services import report_status
from ethiek.web import security, step_up
from ethiek.web.check_labels import DONE, STATE_NAME
from ethiek.web.forms.verification import StatusForm
from ethiek.web.security import requires

bp = Blueprint("report_status", __name__, url_prefix="/dossiers/<uuid:dossier_id>/rapport")


@bp.route("/geldigheid", methods=["GET", "POST"])
@requires(Permission.REPORT_WITHDRAW)
def change(dossier_id: UUID) -> ResponseReturnValue:
    """Withdraw the report, or restore it, after entering the password again."""
    form = StatusForm()
    valid = form.validate_on_submit()
    page = _page(dossier_id, form)  # before the password is looked at: only a chair of this dossier gets here
    if not valid:
        return page, 422 if form.errors else 200
    if refused := step_up.refusal(form.password):
        return _page(dossier_id, form), *refused
    try:
        with db.transaction() as session:
            stamp = security.stamp(form.revision.data)
            done = report_status.change(session, dossier_id, form.reason.data, stamp)
    except InputError as error:
        form.refuse(error)
        return _page(dossier_id, form), 422
    web_session.renew()  # type: ignore[attr-defined]  # of RowSession
    flash(DONE[done], "success")
    return redirect(url_for("advice.report", dossier_id=dossier_id), 303)


def _page(dossier_id: UUID, form: StatusForm) -> str:
    with db.reading() as session:
        issued = report_status.issued(session, dossier_id, security.stamp(), Permission.REPORT_WITHDRAW)
        if not form.is_submitted():
            form.revision.data = issued.revision
        return render_template(
            "advice/validity.html",
            form=form,
            issued=issued,
            dossier=issued.access.dossier,
            state_name=STATE_NAME[issued.state],
        )
