"""Forms about a draft as a whole: add something, say why, propose, publish."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from ethiek.domain.drafts import Line, Reason, Weight
from ethiek.questionnaires.model import Kind, Part, Question, Section
from ethiek.questionnaires.problems import Scope
from ethiek.web.forms.elements import ID, TEXT, words
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT
from ethiek.web.set_labels import QUESTION_KIND, WEIGHT


class AddForm(RefusableForm):
    """A new part or section."""

    id = StringField(
        _l("Id"),
        description=_l(
            "Letters, digits, points and dashes. It stays for ever: answers are kept under it. "
            "It is not the official number."
        ),
        validators=(InputRequired(_l("Fill in an id.")), *ID),
    )
    title = StringField(_l("Title"), validators=(InputRequired(_l("Fill in a title.")), *TEXT))

    def to_element(self, scope: Scope) -> Part | Section | Question:
        """Return the new element, with nothing in it."""
        id_, title = words(self.id.data), words(self.title.data)
        return Part(id_, title, ()) if scope is Scope.PART else Section(id_, title, ())


class AddQuestionForm(AddForm):
    """A new question; the rest is filled in on its own page."""

    title = TextAreaField(_l("Question"), validators=(InputRequired(_l("Fill in the question.")), *TEXT))
    kind = SelectField(
        _l("Kind of answer"),
        choices=[SelectChoice(kind.value, label) for kind, label in QUESTION_KIND.items()],
    )

    def to_element(self, scope: Scope) -> Part | Section | Question:  # noqa: ARG002
        """Return the new question."""
        return Question(words(self.id.data), words(self.title.data), Kind(self.kind.data))


class StepForm(RefusableForm):
    """A step without input of its own; it knows which state of the draft was on the screen."""

    revision = RevisionField()


class ApproveForm(StepForm):
    """From when a version is offered."""

    offered_from = DateField(
        _l("Offered for new dossiers from"), validators=[InputRequired(_l("Choose a date."))]
    )


class ReasonForm(InnerForm):
    """How heavily one change weighs, and why it was made."""

    weight = SelectField(
        _l("Weight"), choices=[SelectChoice(weight.value, label) for weight, label in WEIGHT.items()]
    )
    reason = TextAreaField(_l("Why was this changed?"), validators=TEXT)

    def refuse(self, reason: str) -> None:
        """Say what is wrong at its field."""
        field = self.weight if reason == "too_light" else self.reason
        field.errors = [*field.errors, INPUT[reason]]


def reason_forms(changed: Iterable[Line], sent: MultiDict[str, str] | None) -> dict[str, ReasonForm]:
    """Return a form per changed question, by its id, with what was sent or what was said before."""
    return {line.question_id: _reason_form(line, sent) for line in changed}


def _reason_form(line: Line, sent: MultiDict[str, str] | None) -> ReasonForm:
    said = line.reason or Reason(line.least, "")
    form = ReasonForm(
        sent,
        prefix=f"r-{line.question_id}",
        data={"weight": said.weight.value, "reason": said.text},
    )
    order = list(Weight)
    form.weight.choices = [
        SelectChoice(weight.value, WEIGHT[weight]) for weight in order[order.index(line.least) :]
    ]
    return form
