"""Words to choose from beside typing one's own: a ``datalist`` per page, and a list to read at each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from ethiek.questionnaires.model import Kind, Question
from ethiek.questionnaires.words import WordList, load_words
from ethiek.web.forms.answers import AnswerForm


@dataclass(frozen=True, slots=True)
class WordsView:
    """One list. ``key``: id of its datalist; ``groups``: pairs of heading (may be empty) and words."""

    key: str
    language: str
    title: str
    note: str
    complete: bool
    groups: tuple[tuple[str, tuple[str, ...]], ...]


def init_app(app: Flask, folder: Path | None) -> None:
    """Read the lists that ship and those of the organisation.

    Raises:
        QuestionnaireError: a file is not valid; names file and line.
    """
    app.extensions["words"] = load_words(folder)


def words_at(question: Question) -> tuple[WordsView, ...]:
    """Return the lists that a question or its columns suggest, each once; a list that is not there is left out."""
    known: Mapping[str, WordList] = current_app.extensions["words"]
    wanted = dict.fromkeys([question.suggests, *(column.suggests for column in question.columns)])
    return tuple(_view(known[id_]) for id_ in wanted if id_ in known)


def offer_words(form: AnswerForm, question: Question, views: Iterable[WordsView]) -> None:
    """Let the short texts of a form choose from their lists."""
    keys = {view.key for view in views}
    if question.kind is Kind.SHORT_TEXT and (key := _key(question.suggests)) in keys:
        form["text"].render_kw = {"list": key}
    for column in question.columns:
        if column.kind is Kind.SHORT_TEXT and (key := _key(column.suggests)) in keys:
            for row in form["rows"].entries:
                row.form[column.id].render_kw = {"list": key}


def _key(list_id: str) -> str:
    return f"words-{list_id}"


def _view(words: WordList) -> WordsView:
    groups: dict[str, list[str]] = {}
    for word in words.words:
        groups.setdefault(word.group, []).append(word.text)
    found = tuple((heading, tuple(texts)) for heading, texts in groups.items())
    return WordsView(_key(words.id), words.language, words.title, words.note, words.complete, found)
