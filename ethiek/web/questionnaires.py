"""Published question sets, for content owners: who is on which version, what is offered, what differs."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import compare as compare_sets
from ethiek.errors import InputError, NotFoundError
from ethiek.questionnaires.correspondences import correspondence
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import drafts, offers
from ethiek.services import questionnaires as service
from ethiek.web import security
from ethiek.web.forms.offers import BeginForm, CompareForm, OfferForm, WithdrawForm
from ethiek.web.labels import label_of_language
from ethiek.web.security import requires
from ethiek.web.set_labels import DRAFT_STATUS, OFFER
from ethiek.web.set_views import SHOWN_FIRST, SPOKEN, condition_text, difference_view, question_texts

bp = Blueprint("questionnaires", __name__, url_prefix="/vragenlijsten")


@bp.get("")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def index() -> ResponseReturnValue:
    """List the versions, those with most open dossiers first, and the drafts."""
    with db.reading() as session:
        return render_template(
            "questionnaires/index.html",
            versions=offers.versions(session),
            drafts=drafts.unfinished(session, security.stamp()),
            today=security.now().date(),
            offer_labels=OFFER,
            status_labels=DRAFT_STATUS,
        )


@bp.get("/versies/<instrument>/<version>")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def show(instrument: str, version: str) -> ResponseReturnValue:
    """Show a whole version, how it is offered, and what can be done with it."""
    return _version_page(f"{instrument}/{version}", BeginForm(), WithdrawForm(), 200)


def _version_page(
    key: str, begin_form: BeginForm, withdraw_form: WithdrawForm, status: int
) -> ResponseReturnValue:
    with db.reading() as session:
        found = offers.version(session, key)
        questionnaire = _get(session, key)
        compare_form = CompareForm()
        compare_form.offer(one.key for one in offers.versions(session) if one.key != key)
        page = render_template(
            "questionnaires/version.html",
            version=found,
            state=found.state(security.now().date()),
            offer_labels=OFFER,
            questionnaire=questionnaire,
            language_of=label_of_language,
            begin_form=begin_form,
            withdraw_form=withdraw_form,
            compare_form=compare_form,
            texts=_texts(questionnaire),
            spoken_fields=SPOKEN,
            when=lambda one: condition_text(one.show_when, questionnaire),
        )
    return page, status


def _texts(questionnaire: Questionnaire) -> dict[str, list[tuple[str, str]]]:
    """Question id -> pairs of field name and text, without what stands in the heading or is empty."""
    return {
        question.id: [
            (name, text)
            for name, text in question_texts(question, questionnaire).items()
            if text and (name not in SHOWN_FIRST or name == "kind")
        ]
        for question in questionnaire.questions()
    }


def _get(session: db.Session, key: str) -> Questionnaire:
    found = service.some(session, {key}).get(key)
    if found is None:
        raise NotFoundError
    return found


@bp.get("/versies/<instrument>/<version>/vergelijken")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def compare(instrument: str, version: str) -> ResponseReturnValue:
    """Compare a version with another, question by question."""
    key, other = f"{instrument}/{version}", request.args.get("met", "")
    with db.reading() as session:
        old, new = _get(session, other), _get(session, key)
        form = CompareForm(request.args)
        form.offer(one.key for one in offers.versions(session) if one.key != key)
    found = compare_sets(old, new, correspondence(old.key, new.key))
    shown = [line for line in found if line.changes or form.alles.data]
    return render_template(
        "questionnaires/compare.html",
        old=old,
        new=new,
        form=form,
        same=len([line for line in found if not line.changes]),
        lines=[difference_view(line, old, new) for line in shown],
    )


@bp.post("/versies/<instrument>/<version>/nieuw-concept")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def begin(instrument: str, version: str) -> ResponseReturnValue:
    """Begin a draft of a new version with the content of this one."""
    key, form = f"{instrument}/{version}", BeginForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                draft = drafts.begin(session, key, form.version.data.strip(), security.stamp())
                target = url_for("drafts.show", draft_id=draft.id)
        except InputError as error:
            form.refuse(error)
        else:
            flash(_("The draft is there. Nobody sees it until it is published."), "success")
            return redirect(target, 303)
    return _version_page(key, form, WithdrawForm(formdata=None), 422)


@bp.post("/versies/<instrument>/<version>/intrekken")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def withdraw(instrument: str, version: str) -> ResponseReturnValue:
    """Offer a version no longer for new dossiers."""
    key, form = f"{instrument}/{version}", WithdrawForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                offers.withdraw(session, key, form.reason.data, security.stamp(form.revision.data))
        except InputError as error:
            form.refuse(error)
        else:
            flash(_("This version is no longer offered. Open dossiers keep it."), "success")
            return redirect(url_for(".show", instrument=instrument, version=version), 303)
    return _version_page(key, BeginForm(formdata=None), form, 422)


@bp.post("/versies/<instrument>/<version>/aanbieden")
@requires(Permission.QUESTIONNAIRE_MANAGE)
def offer_again(instrument: str, version: str) -> ResponseReturnValue:
    """Offer a withdrawn version again."""
    form = OfferForm()
    with db.transaction() as session:
        offers.offer_again(session, f"{instrument}/{version}", security.stamp(form.revision.data))
    flash(_("This version is offered again."), "success")
    return redirect(url_for(".show", instrument=instrument, version=version), 303)
