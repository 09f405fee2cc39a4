"""What can be wrong with a question set: as facts, and as one English sentence each for developers and terminals."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What a problem is in."""

    SET = "set"
    PART = "part"
    SECTION = "section"
    QUESTION = "question"


class Code(StrEnum):
    """What is wrong. In braces in :data:`SENTENCES`: the facts that come with it."""

    DUPLICATE = "duplicate"
    BAD_ID = "bad_id"
    EMPTY = "empty"
    NO_ROLE = "no_role"
    NO_QUESTION = "no_question"
    NOT_EARLIER = "not_earlier"
    CYCLE = "cycle"
    NO_MULTI_CHOICE = "no_multi_choice"
    ITSELF_REPEATED = "itself_repeated"
    CANNOT_LOOK = "cannot_look"
    OTHER_REPETITION = "other_repetition"
    NO_OPTION = "no_option"
    NO_VALUES = "no_values"
    NOT_FOR_KIND = "not_for_kind"
    NEEDED = "needed"
    BLANK = "blank"
    TOO_LONG = "too_long"
    UNREACHABLE = "unreachable"
    NO_ORIGINAL = "no_original"
    DIFFERS = "differs"
    ITSELF = "itself"
    NOT_LOWER_CASE = "not_lower_case"
    TWO_TITLES = "two_titles"


SENTENCES: Final[Mapping[Code, str]] = {
    Code.DUPLICATE: "{thing} {id} appears twice",
    Code.BAD_ID: "id: {id} has other signs than letters, digits, points, dashes and underscores, or is too long",
    Code.EMPTY: "{field}: at least {least} needed",
    Code.NO_ROLE: "{field}: there is no role {role}",
    Code.NO_QUESTION: "{field}: there is no question {question}",
    Code.NOT_EARLIER: "{field}: question {question} does not come earlier",
    Code.CYCLE: "{field}: these wait for each other: {cycle}",
    Code.NO_MULTI_CHOICE: "{field}: question {question} is not a multi_choice",
    Code.ITSELF_REPEATED: "{field}: question {question} is itself repeated",
    Code.CANNOT_LOOK: "{test} cannot look at the {kind} {question}",
    Code.OTHER_REPETITION: "question {question} is in another repeated section",
    Code.NO_OPTION: "question {question} has no option {option}",
    Code.NO_VALUES: "{field}: question {question} is compared with nothing",
    Code.NOT_FOR_KIND: "{field}: not for {kind}",
    Code.NEEDED: "{field}: {kind} needs them",
    Code.BLANK: "{field}: is not filled in",
    Code.TOO_LONG: "{field}: is longer than {limit} characters",
    Code.UNREACHABLE: "{field}: can never hold, so this is never asked",
    Code.NO_ORIGINAL: "{field}: there is no published set {original}",
    Code.DIFFERS: "{field}: differs from {original}",
    Code.ITSELF: "{field}: itself",
    Code.NOT_LOWER_CASE: "{field}: without: {word} is not in lower case",
    Code.TWO_TITLES: "{field}: has two",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where. ``id`` is empty for the set as a whole.

    ``inside`` narrows the place: ``show_when``, ``stops`` or ``column <id>``; ``field`` is what is wrong there.
    """

    scope: Scope
    id: str
    inside: str
    field: str
    code: Code
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it is, to put behind the name of a file."""
        here = "" if self.scope is Scope.SET else f", {self.scope} {self.id}"
        return f"{here}, {self.inside}" if self.inside else here

    @property
    def sentence(self) -> str:
        """What is wrong, in English.

        >>> Problem(Scope.QUESTION, "1", "", "who", Code.NO_ROLE, {"role": "jurist"}).sentence
        'who: there is no role jurist'
        """
        return SENTENCES[self.code].format(field=self.field, **self.facts)
