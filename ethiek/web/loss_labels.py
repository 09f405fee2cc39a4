"""Words for what got lost when a file was read, and for why a file could not be read."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange.imported import What

LOSS: Final = {
    What.UNKNOWN_KEY: _l("A field that Ethiek does not know was left out"),
    What.UNKNOWN_TYPE: _l("A kind of question that Ethiek does not know became an open text"),
    What.NOT_BUILT: _l("Ethiek does not support this; what can be answered became an open text"),
    What.NO_OPTIONS: _l("A closed question without options became an open text"),
    What.OPTION_VALUE: _l("The value of an option got another id"),
    What.HTML: _l("HTML elements were removed; their text was kept if there was any"),
    What.LONG_TEXT: _l("A text was too long for its place: the rest is in the help text, or was cut off"),
    What.LINK: _l("A link was left out"),
    What.LABEL: _l("A label was left out"),
    What.LIFECYCLE: _l("Phases of the life cycle are not supported"),
    What.DEPENDS_ON: _l("Other tasks that have to be ready first are not supported"),
    What.REQUIRED_UNKNOWN: _l("The file does not say whether this must be answered; it must"),
    What.OFFICIAL_UNKNOWN: _l("The file does not say which numbers are official, so these were left empty"),
    What.ODD_NUMBER: _l("A number is written unlike its neighbours"),
    What.ID_CHANGED: _l("An id had to change"),
    What.TEXT_MISSING: _l("A question has no text of its own; that of its group or its number stands there"),
    What.TITLES_MISSING: _l("The file has no titles for its parts"),
    What.ROLES_MISSING: _l("The file names no roles; “Team” stands there"),
    What.CHOOSE_WHEN_MISSING: _l("The file does not say when to choose this instrument; write that yourself"),
    What.YEAR_UNKNOWN: _l("The file has no date; this year stands there"),
    What.PUBLISHER_UNKNOWN: _l("The file names no publisher"),
    What.VERSION_UNKNOWN: _l("The file has no version; this one stands there"),
    What.LANGUAGE: _l("Ethiek does not have this language; Dutch stands there"),
    What.MOVED_TEXT: _l("A text without questions stands in the introduction of its neighbour"),
    What.NOTICE: _l("A text that shows up after an answer became a warning at that question"),
    What.REPEAT: _l("Repeating this is not supported; it is asked once"),
    What.IN_TABLE: _l("A column cannot be of this kind; it became a short text"),
    What.INSTANCE_LABEL: _l("Names of rows and of their button are not supported"),
    What.INSTANCE_MAPPING: _l("Rows that follow another question are not supported"),
    What.SOURCE_OPTIONS: _l(
        "Options from the answers to another question are not supported; fixed ones were copied"
    ),
    What.CONDITION: _l("This condition is not supported; what it is about is always shown"),
    What.REFERENCE: _l("A reference to another question or instrument was left out"),
    What.PREFILL: _l("Copying an answer is not supported; it is shown there instead"),
    What.DEFAULT: _l("Values filled in beforehand are not supported"),
    What.CALCULATION: _l("Calculations are not supported"),
    What.OUTCOME: _l("This rule about the outcome is not supported"),
    What.CATEGORY: _l("Categories are not supported"),
    What.SUMMARY: _l("Summaries made by the other tool are not supported"),
}

FORMAT: Final = {
    "ethiek": _l("Ethiek"),
    "task-registry": _l("Task registry"),
    "assessment-definition": _l("Invulhulpen"),
    "algoritmeregister": _l("Algoritmeregister, IAMA in two languages"),
}

_UNREADABLE: Final = (
    (re.compile("is larger than|too_long"), _l("The file is too large.")),
    (re.compile("is not UTF-8"), _l("The file is not UTF-8: save it as UTF-8 and try again.")),
    (re.compile("is empty"), _l("The file is empty.")),
    (
        re.compile("is of no format|is not a question set"),
        _l("Ethiek does not know the format of this file."),
    ),
    (re.compile("appears twice"), _l("A name or id appears twice.")),
    (re.compile("holds more than|is nested deeper"), _l("The file holds too much, or is nested too deeply.")),
    (re.compile("alias"), _l("An alias refers to itself, or is not allowed here.")),
    (re.compile("has no id|has no urn"), _l("A task has no id.")),
)


def unreadable(error: QuestionnaireError) -> str:
    """Say why a file could not be read, where, and in the words of the reader, which are for whoever wrote the file."""
    told = next(
        (told for pattern, told in _UNREADABLE if pattern.search(error.reason)), _l("The file is not valid.")
    )
    return str(
        _(
            "%(told)s Nothing was imported. Place: %(where)s (%(reason)s).",
            told=told,
            where=error.where,
            reason=error.reason,
        )
    )
