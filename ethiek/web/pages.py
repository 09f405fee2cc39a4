"""Home, and pages that explain."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ethiek import db
from ethiek.domain.actors import COMMITTEE_ROLES, Role
from ethiek.domain.permissions import Permission
from ethiek.services import questionnaires
from ethiek.web.security import current_actor, requires

bp = Blueprint("pages", __name__)


@bp.get("/")
@requires(Permission.ACCOUNT_USE)
def home() -> ResponseReturnValue:
    """Bring everybody to their own work."""
    roles = current_actor().all_roles
    if Role.AUDITOR in roles:
        return redirect(url_for("archive.index"), 303)
    if Role.ADMINISTRATOR in roles:
        return redirect(url_for("accounts.own"), 303)
    if Role.OFFICIAL in roles and not roles & (COMMITTEE_ROLES | {Role.SUBMITTER}):
        return redirect(url_for("decisions.index"), 303)
    if Role.CONTENT_OWNER in roles and not roles & (COMMITTEE_ROLES | {Role.SUBMITTER}):
        return redirect(url_for("questionnaires.index"), 303)
    if roles & COMMITTEE_ROLES and Role.SUBMITTER not in roles:
        return redirect(url_for("committee.index"), 303)
    return redirect(url_for("dossiers.index"), 303)


@bp.get("/instrumenten")
@requires(Permission.ACCOUNT_USE)
def instruments() -> ResponseReturnValue:
    """Tell which instruments there are, when to choose which, and where they come from."""
    with db.reading() as reader:
        return render_template("pages/instruments.html", questionnaires=questionnaires.all_published(reader))


@bp.get("/toegankelijkheid")
def accessibility() -> ResponseReturnValue:
    """Tell how accessible the application is meant to be, and whom to tell when it is not."""
    return render_template("pages/accessibility.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Tell which personal data are kept, and why."""
    return render_template("pages/privacy.html")


@bp.get("/gezond")
def health() -> ResponseReturnValue:
    """Answer a monitor: the application runs and its database answers."""
    with db.reading() as reader:
        questionnaires.published_hashes(reader)
    return jsonify(status="ok", service=current_app.name)
