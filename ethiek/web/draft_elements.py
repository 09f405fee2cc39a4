"""The forms of a draft: the set itself, a part, a section, a question; and adding one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ethiek import db
from ethiek.domain.permissions import Permission
from ethiek.errors import ConcurrentEditError, InputError
from ethiek.questionnaires import editing
from ethiek.questionnaires.editing import WHOLE_SET, Element, Target
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Scope
from ethiek.services import draft_editing, drafts
from ethiek.web import security
from ethiek.web.draft_views import KINDS, element_url, problem_views
from ethiek.web.forms.conditions import is_shallow
from ethiek.web.forms.drafts import AddForm, AddQuestionForm
from ethiek.web.forms.elements import PartForm, SectionForm, SetForm
from ethiek.web.forms.question import QuestionForm, is_own
from ethiek.web.security import requires
from ethiek.web.set_labels import SCOPE
from ethiek.web.set_views import FieldDiff, condition_text, element_texts, field_diffs

bp = Blueprint("draft_elements", __name__, url_prefix="/vragenlijsten/concepten/<uuid:draft_id>")

FORMS: Final[Mapping[Scope, Any]] = {
    Scope.SET: SetForm,
    Scope.PART: PartForm,
    Scope.SECTION: SectionForm,
    Scope.QUESTION: QuestionForm,
}
PARENTS: Final = {Scope.PART: Scope.SET, Scope.SECTION: Scope.PART, Scope.QUESTION: Scope.SECTION}


@dataclass(frozen=True, slots=True)
class _Opened:
    """An element of a draft that can be changed now, as it is now."""

    draft_id: UUID
    key: str
    content: Questionnaire
    target: Target
    present: Element
    view: drafts.DraftView


def _open(draft_id: UUID, target: Target) -> _Opened:
    with db.reading() as session:
        draft = draft_editing.load_for_writing(session, draft_id, security.stamp(), lock=False)
        found = drafts.view(session, draft)
        content = found.questionnaire
        return _Opened(draft.id, draft.key, content, target, editing.element(content, target), found)


@bp.route("/lijst", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def edit_set(draft_id: UUID) -> ResponseReturnValue:
    """Change what the set says of itself."""
    return _edit(draft_id, WHOLE_SET)


@bp.route("/<any(delen, onderdelen, vragen):kind>/<element_id>", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def element(draft_id: UUID, kind: str, element_id: str) -> ResponseReturnValue:
    """Change a part, a section or a question."""
    return _edit(draft_id, Target(KINDS[kind], element_id))


def _edit(draft_id: UUID, target: Target) -> ResponseReturnValue:
    opened = _open(draft_id, target)
    form = _form(opened)
    if form.wants_row():
        form.offer(opened.content, target)
        return _page(opened, form, 200)
    if not form.is_submitted():
        return _page(opened, form, 200)
    if not form.validate():
        return _page(opened, form, 422)
    new = form.to_element(opened.present, opened.content)
    try:
        with db.transaction() as session:
            draft_editing.change(session, draft_id, target, new, form.seen.data, security.stamp())
    except ConcurrentEditError:
        return _conflict(_open(draft_id, target), form, new)
    except InputError as error:
        form.refuse(error)
        return _page(opened, form, 422)
    flash(_("The draft has been saved."), "success")
    return redirect(element_url(draft_id, target), 303)


def _form(opened: _Opened) -> Any:
    """Return the form with what was sent, or with the element as it is now."""
    kind = FORMS[opened.target.scope]
    seen = editing.fingerprint(opened.content, opened.target)
    data = {**kind.data_of(opened.present), "seen": seen}
    form = kind() if request.method == "POST" else kind(formdata=None, data=data)
    form.offer(opened.content, opened.target)
    return form


def _conflict(opened: _Opened, form: Any, mine: Element) -> ResponseReturnValue:
    """Show both versions; what was typed stays in the form, and saving again lets it count."""
    form.seen.data = editing.fingerprint(opened.content, opened.target)
    theirs = element_texts(opened.present, opened.content)
    differences = field_diffs(theirs, element_texts(mine, opened.content))
    return _page(opened, form, 409, tuple(differences))


def _page(
    opened: _Opened, form: Any, status: int, conflict: tuple[FieldDiff, ...] = ()
) -> ResponseReturnValue:
    present = opened.present
    condition = None if isinstance(present, Questionnaire) else present.show_when
    others = (
        [stop for stop in present.stops if not is_own(stop, present)] if isinstance(present, Question) else []
    )
    page = render_template(
        f"drafts/edit_{opened.target.scope}.html",
        draft_id=opened.draft_id,
        draft_key=opened.key,
        element=present,
        title=_title(opened),
        form=form,
        conflict=conflict,
        conflicted=status == 409,  # noqa: PLR2004
        deep="" if is_shallow(condition) else condition_text(condition, opened.content),
        other_stops=[condition_text(stop.when, opened.content) for stop in others],
        problems=[
            view
            for view, problem in zip(problem_views(opened.view), opened.view.problems, strict=True)
            if Target(problem.scope, problem.id) == opened.target
        ],
    )
    return page, status


def _title(opened: _Opened) -> str:
    return f"{SCOPE[opened.target.scope]} {opened.target.id}".strip()


@bp.route("/toevoegen/<any(delen, onderdelen, vragen):kind>", methods=["GET", "POST"])
@requires(Permission.QUESTIONNAIRE_MANAGE)
def add(draft_id: UUID, kind: str) -> ResponseReturnValue:
    """Add a part, a section or a question; the address says in what (``bij``)."""
    scope = KINDS[kind]
    parent = Target(PARENTS[scope], "" if scope is Scope.PART else request.args.get("bij", ""))
    opened = _open(draft_id, parent)
    form: AddForm = AddQuestionForm() if scope is Scope.QUESTION else AddForm()
    if form.validate_on_submit():
        new = form.to_element(scope)
        try:
            with db.transaction() as session:
                draft_editing.add(session, draft_id, parent, new, security.stamp())
        except InputError as error:
            form.refuse(error)
        else:
            flash(_("It has been added, at the end. Fill in the rest here."), "success")
            return redirect(element_url(draft_id, Target(scope, new.id)), 303)
    if not form.is_submitted():
        form.id.data = _next_id(opened, scope)
    page = render_template(
        "drafts/add.html",
        draft_id=opened.draft_id,
        draft_key=opened.key,
        scope=SCOPE[scope],
        form=form,
    )
    return page, 422 if form.errors else 200


def _next_id(opened: _Opened, scope: Scope) -> str:
    """Return a free id that goes on counting in what the new element is put in."""
    kinds: Mapping[Scope, type[Part | Section | Question]] = {
        Scope.PART: Part,
        Scope.SECTION: Section,
        Scope.QUESTION: Question,
    }
    taken = set(editing.ids_of(opened.content, kinds[scope]))
    if opened.view.base:
        taken |= editing.ids_of(opened.view.base, kinds[scope])
    prefix = f"{opened.target.id}." if opened.target.id else ""
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
