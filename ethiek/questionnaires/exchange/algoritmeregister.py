"""The IAMA as the consortium of the Algoritmeregister wrote it: chapters, sections and questions in two languages."""

from __future__ import annotations

import re
from typing import Final

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange import frame
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.frame import Facts, File
from ethiek.questionnaires.exchange.ids import Ids
from ethiek.questionnaires.exchange.imported import Counts, Imported, Losses, What, Wishes
from ethiek.questionnaires.model import Kind, Part, Question, Section

FORMAT: Final = "algoritmeregister"

_ROOT: Final = frozenset({"title", "content"})
_CHAPTER: Final = frozenset({"type", "title", "subtitle", "content"})
_QUESTION: Final = frozenset({"type", "title", "description", "hint", "remark"})
_ANSWER_WORD: Final = frozenset({"answer", "antwoord", "answer:", "antwoord:"})
_NUMBER: Final = re.compile(r"[0-9]+[A-Za-z]?(?:\.[0-9A-Za-z]+)*")


def recognises(root: Entry) -> bool:
    """Tell whether a file is of this format."""
    return "content" in root.names and "title" in root.names and "parts" not in root.names


def read(root: Entry, file: File, wishes: Wishes) -> Imported:
    """Read the file in one of its languages, Dutch unless something else is wished.

    Raises:
        QuestionnaireError: the file is not what its format says; names the line.
    """
    losses = Losses()
    losses.unknown(root, _ROOT)
    reader = _Reader(frame.language_of("", wishes, losses), losses)
    parts = tuple(reader.part(chapter) for chapter in root.entries("content"))
    if not parts:
        raise QuestionnaireError(root.place, "there are no chapters")
    name = reader.text(root, "title")
    facts = Facts("iama", "", name, "", reader.language)
    losses.add(What.REQUIRED_UNKNOWN)
    made = frame.questionnaire(facts, parts, (), (), file, wishes, losses)
    questions = len(list(made.questions()))
    groups = len(parts) + len(list(made.sections()))
    return Imported(
        FORMAT, made, losses.all(), Counts(questions + groups, groups, questions, {"Question": questions})
    )


class _Reader:
    """Reads one language."""

    def __init__(self, language: str, losses: Losses) -> None:
        self.language = language
        self._losses = losses
        self._part_ids, self._section_ids, self._ids = Ids(), Ids(), Ids()

    def text(self, entry: Entry, name: str, at: str = "") -> str:
        """A text of one line in this language, or in the other if there is no other."""
        return self._in_language(entry, name, at, frame.title)

    def part(self, chapter: Entry) -> Part:
        self._losses.unknown(chapter, _CHAPTER)
        sections = tuple(self._section(section) for section in chapter.entries("content"))
        if not sections:
            raise QuestionnaireError(chapter.place, "the chapter has no sections")
        title = self.text(chapter, "title")
        return Part(
            self._part_ids.give(sections[0].id.partition(".")[0]),
            title or sections[0].title,
            sections,
            intro=self._in_language(chapter, "subtitle", title, frame.body),
        )

    def _section(self, entry: Entry) -> Section:
        self._losses.unknown(entry, _CHAPTER)
        number = self.text(entry, "title")
        questions = tuple(self._question(question) for question in entry.entries("content"))
        if not questions:
            raise QuestionnaireError(entry.place, "the section has no questions")
        return Section(
            self._section_ids.give(number or questions[0].id),
            self.text(entry, "subtitle", number) or number or questions[0].id,
            questions,
            number=frame.number(number) if _NUMBER.fullmatch(number) else "",
        )

    def _question(self, entry: Entry) -> Question:
        number = self.text(entry, "title")
        self._losses.unknown(entry, _QUESTION, number)
        text, rest = frame.fitted(self.text(entry, "description", number), entry, number, self._losses)
        if not text:
            self._losses.add(What.TEXT_MISSING, entry, number)
        hint = self._in_language(entry, "hint", number, frame.body)
        hint = "" if hint.lower() in _ANSWER_WORD else hint
        help_ = frame.joined(rest, hint, self._in_language(entry, "remark", number, frame.body))
        id_ = self._ids.give(number)
        return Question(
            id_,
            text or number or id_,
            Kind.OPEN_TEXT,
            number=frame.number(number) if _NUMBER.fullmatch(number) else "",
            help=frame.cut(help_, entry, number, self._losses),
            source=number if id_ != number else "",
        )

    def _in_language(self, entry: Entry, name: str, at: str, read: frame.Reading) -> str:
        if name not in entry.names:
            return ""
        both = entry.entry(name)
        if both is None:
            return ""
        other = next(iter(sorted(both.names - {self.language})), self.language)
        return read(both, self.language if self.language in both.names else other, at, self._losses)
