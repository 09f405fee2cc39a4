"""The auditor's search, and the choice of what goes into a ZIP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SearchField, SelectField
from wtforms.validators import Length

from ethiek.domain.advice import Verdict
from ethiek.domain.decisions import Outcome
from ethiek.services.archive import Choices, Filter
from ethiek.web.decision_labels import OUTCOME
from ethiek.web.forms.inner import InnerForm
from ethiek.web.labels import VERDICT

EVERYTHING: Final = "alles"
"""Value of the button that packs all that was found, instead of what is ticked."""

LONGEST_SEARCH: Final = 200


class FilterForm(InnerForm):
    """What to look for; it travels in the address, so it can be kept and sent to a colleague."""

    NAMES: ClassVar = frozenset({"zoek", "jaar", "onderdeel", "vragenlijst", "oordeel", "besluit"})

    zoek = SearchField(
        _l("Search in title and reference"),
        filters=[lambda text: text.strip() if text else ""],
        validators=[Length(max=LONGEST_SEARCH, message=_l("Search with fewer words."))],
    )
    jaar = SelectField(_l("Year"), default="")
    onderdeel = SelectField(_l("Part of the organisation"), default="")
    vragenlijst = SelectField(_l("Question set"), default="")
    oordeel = SelectField(_l("Verdict"), default="")
    besluit = SelectField(_l("Decision"), default="")

    def offer(self, found: Choices) -> None:
        """Fill the lists with what occurs in the archive."""
        self.jaar.choices = _with_all(str(year) for year in found.years)
        self.onderdeel.choices = _with_all(found.units)
        self.vragenlijst.choices = _with_all(found.questionnaires)
        self.oordeel.choices = [
            ("", _("All")),
            *((str(verdict), label) for verdict, label in VERDICT.items()),
        ]
        self.besluit.choices = [
            ("", _("All")),
            *((str(outcome), label) for outcome, label in OUTCOME.items()),
        ]

    def to_filter(self) -> Filter:
        """Return the plain value."""
        return Filter(
            text=self.zoek.data or "",
            year=int(self.jaar.data) if self.jaar.data else None,
            unit=self.onderdeel.data or "",
            questionnaire_key=self.vragenlijst.data or "",
            verdict=Verdict(self.oordeel.data) if self.oordeel.data else None,
            outcome=Outcome(self.besluit.data) if self.besluit.data else None,
        )


def _with_all(values: Iterable[str]) -> list[tuple[str, str]]:
    return [("", _("All")), *((value, value) for value in values)]
