"""What the page of a draft shows: its tree, what is wrong with it and where to mend that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import url_for

from ethiek.questionnaires.editing import WHOLE_SET, Target, order_fingerprint
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Problem, Scope
from ethiek.services.drafts import DraftView
from ethiek.web.set_labels import QUESTION_KIND, SCOPE, problem_text
from ethiek.web.set_views import condition_text

KINDS: Final = {"delen": Scope.PART, "onderdelen": Scope.SECTION, "vragen": Scope.QUESTION}
"""How the kinds of elements are called in addresses."""

NAMES: Final = {scope: name for name, scope in KINDS.items()}


def element_url(draft_id: UUID, target: Target) -> str:
    """Return the address of the form of an element."""
    if target.scope is Scope.SET:
        return url_for("draft_elements.edit_set", draft_id=draft_id)
    return url_for(
        "draft_elements.element", draft_id=draft_id, kind=NAMES[target.scope], element_id=target.id
    )


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem: where, in words, and the address of the form to mend it."""

    where: str
    text: str
    url: str


def problem_views(found: DraftView) -> list[ProblemView]:
    """Return everything that is wrong with a draft."""
    return [_problem(found, problem) for problem in found.problems]


def _problem(found: DraftView, problem: Problem) -> ProblemView:
    where = f"{SCOPE[problem.scope]} {problem.id}".strip()
    return ProblemView(
        where, problem_text(problem), element_url(found.draft.id, Target(problem.scope, problem.id))
    )


@dataclass(frozen=True, slots=True)
class Node:
    """An element in the tree of a draft. ``order``: what is sent along with a move."""

    scope: str
    id: str
    number: str
    title: str
    about: tuple[str, ...]
    url: str
    order: str
    kind: str
    first: bool
    last: bool
    wrong: bool
    children: tuple[Node, ...] = ()


def tree(found: DraftView) -> list[Node]:
    """Return parts, sections and questions of a draft, in order."""
    return list(_Tree(found).parts())


class _Tree:
    def __init__(self, found: DraftView) -> None:
        self._draft_id = found.draft.id
        self._set: Questionnaire = found.questionnaire
        self._wrong = {(problem.scope, problem.id) for problem in found.problems}
        self._orders: dict[Target, str] = {}
        groups = {
            Scope.PART: [part.id for part in self._set.parts],
            Scope.SECTION: [section.id for _, section in self._set.sections()],
            Scope.QUESTION: [question.id for question in self._set.questions()],
        }
        self._ends = {scope: (ids[0], ids[-1]) if ids else ("", "") for scope, ids in groups.items()}

    def parts(self) -> Iterator[Node]:
        for part in self._set.parts:
            children = tuple(self._section(part, section) for section in part.sections)
            yield self._node(Target(Scope.PART, part.id), part, WHOLE_SET, children)

    def _section(self, part: Part, section: Section) -> Node:
        here = Target(Scope.SECTION, section.id)
        children = tuple(
            self._node(Target(Scope.QUESTION, question.id), question, here) for question in section.questions
        )
        return self._node(here, section, Target(Scope.PART, part.id), children)

    def _node(
        self,
        target: Target,
        one: Part | Section | Question,
        parent: Target,
        children: tuple[Node, ...] = (),
    ) -> Node:
        if parent not in self._orders:
            self._orders[parent] = order_fingerprint(self._set, target)
        first, last = self._ends[target.scope]
        return Node(
            target.scope,
            one.id,
            one.number,
            one.text if isinstance(one, Question) else one.title,
            tuple(self._about(one)),
            element_url(self._draft_id, target),
            self._orders[parent],
            NAMES[target.scope],
            one.id == first,
            one.id == last,
            (target.scope, one.id) in self._wrong,
            children,
        )

    def _about(self, one: Part | Section | Question) -> Iterator[str]:
        if isinstance(one, Question):
            yield str(QUESTION_KIND[one.kind])
        if one.show_when:
            yield condition_text(one.show_when, self._set)
