"""What got lost, as one English sentence each, for terminals; pages have their own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ethiek.questionnaires.exchange.imported import Loss, What

SENTENCES: Final[Mapping[What, str]] = {
    What.UNKNOWN_KEY: "the field {value} is not known, and was left out",
    What.UNKNOWN_TYPE: "the type {value} is not known; it became an open text",
    What.NOT_BUILT: "not supported: {value}",
    What.NO_OPTIONS: "a closed question without options became an open text",
    What.OPTION_VALUE: "the option value {value} got another id",
    What.HTML: "HTML was removed: {value}",
    What.LONG_TEXT: "a text was too long for its place: {value}",
    What.LINK: "the link {value} was left out",
    What.LABEL: "the label {value} was left out",
    What.LIFECYCLE: "not supported: life cycle {value}",
    What.DEPENDS_ON: "not supported: {value} has to be ready first",
    What.REQUIRED_UNKNOWN: "the file does not say whether this must be answered; it must",
    What.OFFICIAL_UNKNOWN: "the file does not say whether {value} numbers are official; they were left empty",
    What.ODD_NUMBER: "the number {value} is written unlike its neighbours",
    What.ID_CHANGED: "the id {value} had to change",
    What.TEXT_MISSING: "the question has no text of its own",
    What.TITLES_MISSING: "the file has no titles for its parts",
    What.ROLES_MISSING: "the file names no roles; “Team” was put there",
    What.CHOOSE_WHEN_MISSING: "the file does not say when to choose this instrument",
    What.YEAR_UNKNOWN: "the file has no date; {value} was put there",
    What.PUBLISHER_UNKNOWN: "the file names no publisher",
    What.VERSION_UNKNOWN: "the file has no version; {value} was put there",
    What.LANGUAGE: "the language {value} is not supported; Dutch was put there",
    What.MOVED_TEXT: "a text without questions moved to a neighbouring introduction: {value}",
    What.NOTICE: "a text that shows up after an answer became a warning at question {value}",
    What.REPEAT: "not supported: repeating this group or question; it is asked once",
    What.IN_TABLE: "not supported in a column: {value}; it became a short text",
    What.INSTANCE_LABEL: "not supported: the name of a row, {value}",
    What.INSTANCE_MAPPING: "not supported: rows that follow {value}; its answers are shown where that is possible",
    What.SOURCE_OPTIONS: "not supported: options from the answers to {value}; fixed options were copied",
    What.CONDITION: "not supported: the condition {value}; it is always shown",
    What.REFERENCE: "the reference to {value} was left out",
    What.PREFILL: "not supported: copying an answer to {value}; it is shown there instead",
    What.DEFAULT: "not supported: the default value {value}",
    What.CALCULATION: "not supported: the calculation {value}",
    What.OUTCOME: "not supported: the outcome rule {value}",
    What.CATEGORY: "not supported: the category {value}",
    What.SUMMARY: "not supported: the summary {value}",
}


def sentence(loss: Loss, file: str) -> str:
    """Return one loss as a line: file, line, id, what.

    >>> sentence(Loss(What.CALCULATION, "1.1.2", 12, "score"), "dpia.yaml")
    'dpia.yaml, line 12, 1.1.2: not supported: the calculation score'
    """
    place = ", ".join(filter(None, (file, f"line {loss.line}" if loss.line else "", loss.at)))
    return f"{place}: {SENTENCES[loss.what].format(value=loss.value)}".replace("  ", " ").rstrip()
