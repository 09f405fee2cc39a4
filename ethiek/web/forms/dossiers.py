"""Forms of the dossier pages: input is checked, and handed over as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, Self
from uuid import UUID

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import EmailField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from ethiek.domain.projects import Phase, ProjectKind
from ethiek.questionnaires.model import Questionnaire
from ethiek.services.dossiers import Details, StartInput
from ethiek.services.follow_up import Example
from ethiek.services.offers import Offered
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import KIND, PHASE, label_of_language
from ethiek.web.languages import spoken


class Named(Protocol):
    """A thing to choose, such as a unit."""

    id: UUID
    name: str


class DetailsForm(FlaskForm):
    """What the project is."""

    title = StringField(
        _l("Title"),
        description=_l("The name under which colleagues know the project."),
        validators=[
            InputRequired(_l("Give the dossier a title.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
            PlainText(),
        ],
    )
    purpose = TextAreaField(
        _l("Purpose, in one sentence"),
        description=_l("What do you want to achieve, and for whom?"),
        validators=[
            InputRequired(_l("Tell the purpose in one sentence.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
            PlainText(),
        ],
    )
    unit_id = SelectField(
        _l("Part of the organisation"),
        validators=[InputRequired(_l("Choose a part of the organisation."))],
    )
    kind = RadioField(
        _l("What is it about?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND.items()],
        validators=[InputRequired(_l("Choose what it is about."))],
    )
    phase = RadioField(
        _l("How far is the project?"),
        choices=[SelectChoice(phase.value, label) for phase, label in PHASE.items()],
        validators=[InputRequired(_l("Choose how far the project is."))],
    )

    def offer_units(self, units: Iterable[Named]) -> None:
        """Fill the list of units."""
        self.unit_id.choices = [("", _l("Choose")), *((str(unit.id), unit.name) for unit in units)]

    def to_details(self) -> Details:
        """Return the plain values of a form that is valid."""
        return Details(
            title=self.title.data.strip(),
            purpose=" ".join(self.purpose.data.split()),
            unit_id=UUID(self.unit_id.data),
            kind=ProjectKind(self.kind.data),
            phase=Phase(self.phase.data),
        )


class ChangeForm(DetailsForm):
    """Other details for a dossier that exists."""

    revision = RevisionField()


class StartForm(DetailsForm):
    """A new dossier: also what is chosen once."""

    questionnaire = RadioField(
        _l("Which question set?"),
        validators=[InputRequired(_l("Choose a question set."))],
    )
    committee_id = RadioField(
        _l("Which committee?"),
        validators=[InputRequired(_l("Choose a committee."))],
    )
    function = StringField(
        _l("Your function in the team"),
        default=_l("Project lead"),
        validators=[
            InputRequired(_l("Fill in your function.")),
            Length(max=80, message=_l("Use at most 80 characters.")),
            PlainText(),
        ],
    )

    @classmethod
    def after(cls, example: Example) -> Self:
        """Return a form filled in with what another dossier says about the project."""
        details = example.details
        return cls(
            data={
                "title": details.title,
                "purpose": details.purpose,
                "unit_id": str(details.unit_id),
                "kind": details.kind.value,
                "phase": details.phase.value,
                "committee_id": str(example.committee_id),
                "questionnaire": example.questionnaire_key,
            }
        )

    def offer(self, offers: Sequence[Offered], committees: Sequence[Named]) -> None:
        """Fill the choices of question set and committee; a single committee is chosen already."""
        self.questionnaire.choices = [_edition(offer) for offer in sorted(offers, key=_group)]
        self.committee_id.choices = [SelectChoice(str(one.id), one.name) for one in committees]
        if len(committees) == 1 and not self.committee_id.data:
            self.committee_id.data = str(committees[0].id)

    def to_input(self) -> StartInput:
        """Return the plain values of a form that is valid."""
        return StartInput(
            self.to_details(),
            self.questionnaire.data,
            UUID(self.committee_id.data),
            str(self.function.data).strip(),
        )


def _edition(offer: Offered) -> SelectChoice:
    """Return the choice of one version; other languages and earlier editions stand under a heading."""
    one = offer.questionnaire
    words = _(
        "Version %(version)s, in %(language)s.", version=one.version, language=label_of_language(one.language)
    )
    return SelectChoice(
        one.key,
        spoken(one.title, one.language),
        render_kw={"help": Markup(" ").join((spoken(" ".join(one.choose_when), one.language), words))},
        optgroup=(None, _("In another language"), _("Earlier editions"))[_group(offer)],
    )


def _group(offer: Offered) -> int:
    """Return 0 for the newest in the language of the page, 1 in another language, 2 for earlier editions."""
    if not offer.newest:
        return 2
    return int(offer.questionnaire.language != str(get_locale()))


class TeamForm(FlaskForm):
    """A colleague for the team."""

    email = EmailField(
        _l("E-mail address of your colleague"),
        description=_l("The address with which your colleague logs in here."),
        validators=[InputRequired(_l("Fill in an e-mail address.")), PlainText()],
    )
    function = SelectField(_l("Role in the team"), validators=[InputRequired(_l("Choose a role."))])
    revision = RevisionField()

    def offer(self, questionnaire: Questionnaire) -> None:
        """Fill the roles that the instrument names."""
        spoken = {"lang": questionnaire.language}
        roles = (SelectChoice(role.id, role.label, render_kw=spoken) for role in questionnaire.roles)
        self.function.choices = [SelectChoice("", _l("Choose")), *roles]


class RemoveForm(FlaskForm):
    """Somebody who leaves the team."""

    user_id = HiddenField(validators=[InputRequired()])
    revision = RevisionField()


class StepForm(FlaskForm):
    """A step without input of its own: hand in, withdraw."""

    revision = RevisionField()
