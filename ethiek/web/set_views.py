"""What the pages on question sets show, as plain values: conditions in words, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from ethiek.domain.diffs import PieceKind, word_diff
from ethiek.domain.versions import Change, Difference, Place
from ethiek.questionnaires.editing import Element
from ethiek.questionnaires.model import (
    Check,
    Column,
    Combine,
    Kind,
    Option,
    Part,
    Question,
    Questionnaire,
    Section,
    ShowWhen,
    StopRule,
)
from ethiek.web.set_labels import CHANGE, EFFECT, QUESTION_KIND, TEST, field_label

Pieces = tuple[tuple[str, str], ...]

SPOKEN: Final = frozenset(
    ("text", "help", "why", "note", "options", "who", "markers", "section", "title", "intro", "roles")
)
"""Fields with words of the set; others, such as a condition, are put in words here."""


def condition_text(condition: ShowWhen | None, questionnaire: Questionnaire) -> str:
    """Return a condition in words; empty if there is none."""
    questions = {question.id: question for question in questionnaire.questions()}
    return _condition(condition, questions) if condition else ""


def _condition(condition: ShowWhen, questions: dict[str, Question]) -> str:
    if isinstance(condition, Check):
        return look_text(condition, questions.get(condition.question))
    between: str = _(" and ") if condition.combine is Combine.ALL else _(" or ")
    members = [_condition(member, questions) for member in condition.members]
    return between.join(
        text if isinstance(member, Check) else f"({text})"
        for member, text in zip(condition.members, members, strict=True)
    )


def look_text(look: Check, question: Question | None) -> str:
    """Return one look in words: question, test and answers."""
    labels = {option.id: option.label for option in question.options} if question else {}
    labels |= {"yes": _("yes"), "no": _("no")} if question and question.kind is Kind.YES_NO else {}
    values = [f"“{labels.get(value, value)}”" for value in look.values]
    name = f"{question.number or question.id}" if question else look.question
    return f"{name} {TEST[look.test]} {_(' or ').join(values)}"


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs: what was removed marked in ``old``, what was added marked in ``new``."""

    label: str
    old: Pieces
    new: Pieces
    spoken: bool
    """It holds words of the set, and none of the interface."""


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One line of a comparison."""

    question_id: str
    number: str
    text: str
    changes: tuple[str, ...]
    place: str
    old_language: str
    new_language: str
    fields: tuple[FieldDiff, ...]
    note: str
    only: str
    """"new" or "removed": there is only one side."""


def difference_view(difference: Difference, old: Questionnaire, new: Questionnaire) -> DifferenceView:
    """Return a line of a comparison, word by word."""
    place = difference.new or difference.old
    if place is None:
        raise ValueError("a difference has a side")
    changes = tuple(str(CHANGE[change]) for change in Change if change in difference.changes)
    only = "removed" if difference.new is None else "new" if difference.old is None else ""
    return DifferenceView(
        place.question.id,
        place.question.number,
        place.question.text,
        changes,
        f"{place.section.number} {place.section.title}".strip(),
        old.language,
        new.language,
        tuple(_field_diffs(difference, old, new)),
        difference.note,
        only,
    )


def _field_diffs(difference: Difference, old: Questionnaire, new: Questionnaire) -> Iterator[FieldDiff]:
    yield from field_diffs(_texts(difference.old, old), _texts(difference.new, new))


def field_diffs(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FieldDiff]:
    """Yield the fields that read otherwise, word by word."""
    for name in {**before, **after}:
        earlier, later = before.get(name, ""), after.get(name, "")
        if earlier != later:
            yield field_diff(name, earlier, later)


def field_diff(name: str, earlier: str, later: str) -> FieldDiff:
    """Put two texts of a field side by side."""
    pieces = word_diff(earlier, later)
    return FieldDiff(
        field_label(name),
        tuple((one.kind.value, one.text) for one in pieces if one.kind is not PieceKind.ADDED),
        tuple((one.kind.value, one.text) for one in pieces if one.kind is not PieceKind.REMOVED),
        name in SPOKEN,
    )


def _texts(place: Place | None, questionnaire: Questionnaire) -> dict[str, str]:
    """Return field name -> how it reads, for where a question stands and all that it has."""
    if place is None:
        return {}
    return {
        "section": f"{place.section.number} {place.section.title}".strip(),
        **question_texts(place.question, questionnaire),
        "asked_when": " / ".join(
            filter(
                None,
                (condition_text(one.show_when, questionnaire) for one in (place.part, place.section)),
            )
        ),
        "repeat_for": place.section.repeat_for,
    }


def question_texts(question: Question, questionnaire: Questionnaire) -> dict[str, str]:
    """Return field name -> how it reads, in the order of the form; what is empty reads as nothing."""
    roles = {role.id: role.label for role in questionnaire.roles}
    return {
        "text": question.text,
        "number": question.number,
        "kind": str(QUESTION_KIND[question.kind]),
        "help": question.help,
        "why": question.why,
        "options": "\n".join(map(_option, question.options)),
        "columns": "\n".join(map(_column, question.columns)),
        "show_when": condition_text(question.show_when, questionnaire),
        "optional": _yes(question.optional),
        "explain": _yes(question.explain),
        "max_items": str(question.max_items or ""),
        "actions": _yes(question.actions),
        "who": ", ".join(roles.get(role, role) for role in question.who),
        "recalls": ", ".join(question.recalls),
        "markers": "\n".join(
            f"{marker.law}, art. {marker.article} {marker.note}".strip() for marker in question.markers
        ),
        "stops": "\n".join(_stop(stop, questionnaire) for stop in question.stops),
        "note": question.note,
        "suggests": question.suggests,
        "source": question.source,
        "limits": _limits(question),
    }


def _yes(given: bool) -> str:  # noqa: FBT001
    return _("yes") if given else ""


def element_texts(one: Element, questionnaire: Questionnaire) -> dict[str, str]:
    """Return field name -> how it reads, for the set itself, a part, a section or a question."""
    match one:
        case Question():
            return question_texts(one, questionnaire)
        case Questionnaire():
            return {
                "title": one.title,
                "short_title": one.short_title,
                "language": one.language,
                "choose_when": "\n".join(one.choose_when),
                "source_title": one.source.title,
                "source_publisher": one.source.publisher,
                "source_edition": one.source.edition,
                "source_wording": one.source.wording,
                "roles": "\n".join(role.label for role in one.roles),
            }
        case Section():
            more = {"note": one.note, "repeat_for": one.repeat_for}
        case Part():
            more = {}
    when = condition_text(one.show_when, questionnaire)
    return {"title": one.title, "number": one.number, "intro": one.intro, "show_when": when, **more}


def _limits(question: Question) -> str:
    limits = question.limits
    if limits is None:
        return ""
    words = _("at most %(count)s words", count=limits.max_words) if limits.max_words else ""
    sentence = _("one sentence") if limits.one_sentence else ""
    without = _("without %(words)s", words=", ".join(limits.without)) if limits.without else ""
    return "; ".join(filter(None, (words, sentence, without)))


def _option(option: Option) -> str:
    alone = _("rules out the others") if option.exclusive else ""
    more = "; ".join(filter(None, (option.group, alone, option.help)))
    return f"{option.label} ({more})" if more else option.label


def _column(column: Column) -> str:
    options = ", ".join(option.label for option in column.options)
    return f"{column.label} ({QUESTION_KIND[column.kind]}{f': {options}' if options else ''})"


def _stop(stop: StopRule, questionnaire: Questionnaire) -> str:
    return f"{condition_text(stop.when, questionnaire)} – {EFFECT[stop.effect]}: {stop.reason}"


SHOWN_FIRST: Final = ("text", "number", "kind")
"""Fields that the page of a version shows as heading, not in its list."""
