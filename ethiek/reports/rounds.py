"""The rounds of a dossier: when each was handed in, its checksum, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ethiek.reports.contents import Changes, Round
from ethiek.reports.source import Json
from ethiek.reports.values import moment_words
from ethiek.reports.words import Words

Names = Mapping[str, tuple[str, Mapping[str, str]]]
"""Question id -> what it is called, and the labels of the items that it is asked for."""


def rounds_of(rows: Sequence[Json], questionnaire: Json, words: Words) -> Iterator[Round]:
    """The rounds in the order in which they were handed in."""
    names = _names(questionnaire)
    for row in rows:
        found = _changes(row["changes"], names, words) if "changes" in row else None
        yield Round(row["round"], moment_words(row["submitted_at"], words), row["sha256"], found)


def _changes(rows: Sequence[Json], names: Names, words: Words) -> tuple[Changes, ...]:
    titles = {
        "added": words.changes_added,
        "changed": words.changes_changed,
        "removed": words.changes_removed,
    }
    found: dict[str, list[str]] = {kind: [] for kind in titles}
    for row in rows:
        found[row["kind"]].append(_called(row, names))
    return tuple(Changes(titles[kind], tuple(questions)) for kind, questions in found.items() if questions)


def _called(row: Json, names: Names) -> str:
    """A question that the set of this report does not have brings its words along."""
    if not row["question"]:
        return str(row["text"])
    name, items = names[row["question"]]
    return f"{name} ({items.get(row['item'], row['item'])})" if row["item"] else name


def _names(questionnaire: Json) -> Names:
    sections = [section for part in questionnaire["parts"] for section in part["sections"]]
    options = {
        question["id"]: {option["id"]: option["label"] for option in question["options"]}
        for section in sections
        for question in section["questions"]
    }
    return {
        question["id"]: (
            f"{question['number']} {question['text']}".strip(),
            options.get(section["repeat_for"], {}),
        )
        for section in sections
        for question in section["questions"]
    }
