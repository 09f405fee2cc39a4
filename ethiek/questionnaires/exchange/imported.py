"""What comes out of a foreign file: a question set, and everything that got lost on the way, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.model import Questionnaire


class What(StrEnum):
    """What got lost, was changed or has to be looked at. ``Loss.value`` holds the word between brackets."""

    UNKNOWN_KEY = "unknown_key"
    """A field that the format does not describe (its name)."""
    UNKNOWN_TYPE = "unknown_type"
    """A kind of question that does not exist here; it became an open text (the kind)."""
    NOT_BUILT = "not_built"
    """A kind of task that Ethiek does not have; it became an open text (signing, an upload, an image)."""
    NO_OPTIONS = "no_options"
    """A closed question without two options to choose from; it became an open text."""
    OPTION_VALUE = "option_value"
    """The value of an option got another id (the value)."""
    HTML = "html"
    """Elements and unsafe links were taken out of a text, which itself was kept (the elements)."""
    LONG_TEXT = "long_text"
    """A text was too long for its place: the rest went to the help text, or was cut (the field)."""
    LINK = "link"
    """A link that leads nowhere outside its own tool (the link)."""
    LABEL = "label"
    """A label that has no place (key and value)."""
    LIFECYCLE = "lifecycle"
    """The phases of the life cycle (the phases)."""
    DEPENDS_ON = "depends_on"
    """Tasks that should be ready first (their ids)."""
    REQUIRED_UNKNOWN = "required_unknown"
    """Nothing says whether this must be answered; it must."""
    OFFICIAL_UNKNOWN = "official_unknown"
    """Nothing says whether the numbers are those of the document, so they were left empty (how many)."""
    ODD_NUMBER = "odd_number"
    """A number is written in another way than its neighbours (the number)."""
    ID_CHANGED = "id_changed"
    """An id had to change (what it was)."""
    TEXT_MISSING = "text_missing"
    """A question has no text of its own; that of its group or its number stands there."""
    TITLES_MISSING = "titles_missing"
    """The parts have no titles."""
    ROLES_MISSING = "roles_missing"
    """The file names no roles; one was made up."""
    CHOOSE_WHEN_MISSING = "choose_when_missing"
    """The file does not say when to choose this instrument."""
    YEAR_UNKNOWN = "year_unknown"
    """The file has no date (the year that was taken)."""
    PUBLISHER_UNKNOWN = "publisher_unknown"
    """The file names no publisher."""
    VERSION_UNKNOWN = "version_unknown"
    """The file has no version (the version that was taken)."""
    LANGUAGE = "language"
    """A language that Ethiek does not have (the language)."""
    MOVED_TEXT = "moved_text"
    """A text without questions of its own stands in the introduction of a neighbour (where it went)."""
    NOTICE = "notice"
    """A text that shows up after one answer became a warning at that question (the question)."""
    REPEAT = "repeat"
    """A group or question that can be repeated is asked once."""
    IN_TABLE = "in_table"
    """Something that a column of a table cannot do (what)."""
    INSTANCE_LABEL = "instance_label"
    """What the rows or their button are called (the name)."""
    INSTANCE_MAPPING = "instance_mapping"
    """Rows that follow those of another question; its answers are shown instead (that question)."""
    SOURCE_OPTIONS = "source_options"
    """Options that come from the answers to another question (that question)."""
    CONDITION = "condition"
    """A condition that cannot be asked here; the question is always shown (the condition)."""
    REFERENCE = "reference"
    """A reference to another question or instrument that cannot be followed (where to)."""
    PREFILL = "prefill"
    """An answer that would be copied is shown instead (where to)."""
    DEFAULT = "default"
    """A value that would be filled in beforehand (the value)."""
    CALCULATION = "calculation"
    """A score that would be calculated (its name)."""
    OUTCOME = "outcome"
    """A rule about the outcome that cannot be asked here (the rule)."""
    CATEGORY = "category"
    """A category (its name)."""
    SUMMARY = "summary"
    """A summary that the other tool makes by itself (which)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that got lost. ``at``: the id of the question or group there, or empty for the whole file."""

    what: What
    at: str = ""
    line: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in the file itself, before anything was changed."""

    nodes: int
    groups: int
    questions: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Type as the file calls it -> how many answer fields."""
    conditions: int = 0
    references: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """A question set from a file. It has the shape of a file of ours; ``checks`` may still find problems."""

    format: str
    questionnaire: Questionnaire
    losses: tuple[Loss, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever imports knows better than the file; empty: as the file says."""

    id: str = ""
    version: str = ""
    language: str = ""
    year: int | None = None
    """The year of the edition, for a file without a date."""
    this_year: int = 1900
    """What stands there if nobody knows the year."""


class Losses:
    """Collects losses while a file is read."""

    def __init__(self) -> None:
        self._found: list[Loss] = []

    def add(self, what: What, entry: Entry | None = None, at: str = "", value: str = "") -> None:
        """Note one loss; values are cut to what a list can show."""
        self._found.append(Loss(what, at, entry.line if entry else 0, value[:200]))

    def unknown(self, entry: Entry, known: frozenset[str], at: str = "") -> None:
        """Note every field that is not known."""
        for name in sorted(entry.names - known):
            self.add(What.UNKNOWN_KEY, entry, at, name)

    def all(self) -> tuple[Loss, ...]:
        """What was noted, in the order of the file; what is about the whole file comes first."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda loss: loss.line))
