"""Words for what content owners see: kinds, changes, weights, and what is wrong with a question set."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ethiek.domain.drafts import DraftStatus, Weight
from ethiek.domain.versions import Change
from ethiek.questionnaires.model import Combine, Effect, Kind, Test
from ethiek.questionnaires.problems import Code, Problem, Scope

QUESTION_KIND: Final = {
    Kind.OPEN_TEXT: _l("Long text"),
    Kind.SHORT_TEXT: _l("Short text"),
    Kind.YES_NO: _l("Yes or no"),
    Kind.CHOICE: _l("One choice"),
    Kind.MULTI_CHOICE: _l("More choices"),
    Kind.DATE: _l("Date"),
    Kind.NUMBER: _l("Number"),
    Kind.TABLE: _l("Table"),
}

CHANGE: Final = {
    Change.WORDING: _l("other words"),
    Change.MOVED: _l("moved"),
    Change.SHAPE: _l("answered otherwise"),
    Change.ASKED_WHEN: _l("asked at another moment"),
    Change.NEW: _l("new question"),
    Change.REMOVED: _l("removed"),
}

WEIGHT: Final = {
    Weight.EDITORIAL: _l("Editorial: it asks the same"),
    Weight.SUBSTANTIVE: _l("Substantive: it asks something else or more"),
    Weight.BREAKING: _l("Breaking: answers no longer fit"),
}

DRAFT_STATUS: Final = {
    DraftStatus.WRITING: _l("Being written"),
    DraftStatus.PROPOSED: _l("Proposed"),
    DraftStatus.PUBLISHED: _l("Published"),
    DraftStatus.DISCARDED: _l("Discarded"),
}

OFFER: Final = {"offered": _l("Offered"), "later": _l("Offered later"), "withdrawn": _l("Not offered")}

TEST: Final = {Test.IS: _l("is one of"), Test.HAS: _l("has one of"), Test.LACKS: _l("has none of")}

COMBINE: Final = {
    Combine.ALL: _l("All of these must hold"),
    Combine.ANY: _l("One of these must hold"),
}

EFFECT: Final = {
    Effect.STOP: _l("Stop: this may not go on"),
    Effect.PAUSE: _l("Pause: first find this out"),
    Effect.WARN: _l("Warning"),
}

SCOPE: Final = {
    Scope.SET: _l("Question set"),
    Scope.PART: _l("Part"),
    Scope.SECTION: _l("Section"),
    Scope.QUESTION: _l("Question"),
}

FIELD: Final = {
    "title": _l("Title"),
    "short_title": _l("Short title"),
    "language": _l("Language"),
    "choose_when": _l("When to choose it"),
    "source_title": _l("Title of the source"),
    "source_publisher": _l("Publisher"),
    "source_edition": _l("Edition"),
    "source_wording": _l("About the wording"),
    "roles": _l("Roles"),
    "parts": _l("Parts"),
    "sections": _l("Sections"),
    "questions": _l("Questions"),
    "text": _l("Question"),
    "kind": _l("Kind of answer"),
    "number": _l("Official number"),
    "why": _l("Why this is asked"),
    "help": _l("Explanation with the question"),
    "note": _l("Note about the source"),
    "intro": _l("Introduction"),
    "who": _l("At the table"),
    "options": _l("Answers to choose from"),
    "columns": _l("Columns"),
    "label": _l("Label"),
    "reason": _l("Reason"),
    "show_when": _l("When it is asked"),
    "asked_when": _l("When its part and section are asked"),
    "section": _l("Section"),
    "repeat_for": _l("Repeated for"),
    "recalls": _l("Earlier answers shown here"),
    "stops": _l("Stop rules"),
    "markers": _l("Articles of law"),
    "max_items": _l("At most"),
    "optional": _l("May be skipped"),
    "explain": _l("Explanation is required"),
    "actions": _l("Holds action points"),
    "exclusive": _l("Rules out the others"),
    "order": _l("Order"),
    "id": _l("Id"),
    "limits": _l("Limits of the text"),
    "suggests": _l("List of words"),
    "source": _l("Source"),
    "translates": _l("Translates"),
    "question": _l("Question"),
    "values": _l("Answers"),
}
"""What a field is called, by its name in the model."""

_PROBLEM: Final = {
    Code.DUPLICATE: _l("“%(id)s” appears twice."),
    Code.BAD_ID: _l("The id “%(id)s” may have letters, digits, points, dashes and underscores only."),
    Code.EMPTY: _l("There must be at least %(least)s."),
    Code.NO_ROLE: _l("There is no role “%(role)s”."),
    Code.NO_QUESTION: _l("There is no question %(question)s."),
    Code.NOT_EARLIER: _l("Question %(question)s does not come earlier."),
    Code.CYCLE: _l("These questions wait for each other: %(cycle)s."),
    Code.NO_MULTI_CHOICE: _l(
        "Question %(question)s does not have more choices, so nothing can be repeated for it."
    ),
    Code.ITSELF_REPEATED: _l("Question %(question)s is repeated itself."),
    Code.CANNOT_LOOK: _l("The answer to question %(question)s cannot be compared in this way."),
    Code.OTHER_REPETITION: _l("Question %(question)s is in another section that is repeated."),
    Code.NO_OPTION: _l("Question %(question)s has no answer “%(option)s” to choose."),
    Code.NO_VALUES: _l("Choose at least one answer to question %(question)s."),
    Code.NOT_FOR_KIND: _l("This does not go with this kind of answer."),
    Code.NEEDED: _l("This kind of answer needs them."),
    Code.BLANK: _l("This is not filled in."),
    Code.TOO_LONG: _l("This is longer than %(limit)s characters."),
    Code.UNREACHABLE: _l("This is never asked: no answers lead to it."),
    Code.NO_ORIGINAL: _l("The version %(original)s that this translates is not published."),
    Code.DIFFERS: _l("This differs from %(original)s, of which it is a translation."),
    Code.ITSELF: _l("A set cannot be the translation of itself."),
    Code.NOT_LOWER_CASE: _l("Write “%(word)s” in lower case."),
    Code.TWO_TITLES: _l("This outcome has two titles."),
}


def field_label(name: str) -> str:
    """Return what a field is called."""
    return str(FIELD.get(name, name))


def problem_text(problem: Problem) -> str:
    """Return one sentence on what is wrong: the field, the place inside it if any, and the problem."""
    words = str(_PROBLEM[problem.code]) % dict(problem.facts)
    name = field_label("show_when" if problem.inside == "show_when" else problem.field)
    if problem.inside.startswith(("option ", "column ")):
        kind, _space, id_ = problem.inside.rpartition(" ")
        place = _("answer “%(id)s”", id=id_) if kind.endswith("option") else _("column “%(id)s”", id=id_)
        name = f"{name}, {place}"
    elif problem.inside == "stops":
        name = f"{field_label('stops')}, {name}"
    return f"{name}: {words}"
