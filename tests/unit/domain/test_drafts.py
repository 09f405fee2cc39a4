"""How heavily changes weigh, what was only renamed, and who is a second person."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from ethiek.domain.drafts import (
    LEAST,
    Line,
    Reason,
    Renamed,
    Weight,
    least_weight,
    lines,
    may_approve,
    renamed,
)
from ethiek.domain.versions import Change, compare
from ethiek.questionnaires.model import Kind
from tests.question_sets import a_questionnaire
from tests.unit.questionnaires.test_problems import changed

VERA, WOUT, ALI = (UUID(int=number) for number in (1, 2, 3))
OLD = a_questionnaire()


def test_every_change_has_a_weight_and_the_heaviest_counts() -> None:
    assert set(LEAST) == set(Change)
    for one, other in product(Change, Change):
        order = list(Weight)
        assert least_weight({one, other}) is order[max(order.index(LEAST[one]), order.index(LEAST[other]))]


@pytest.mark.parametrize(
    ("weight", "explained"),
    [
        (None, False),
        (Weight.EDITORIAL, False),
        (Weight.SUBSTANTIVE, False),
        (Weight.BREAKING, True),
    ],
)
def test_a_line_is_explained_by_a_reason_that_is_heavy_enough(
    weight: Weight | None,
    explained: bool,
) -> None:
    new = changed("1.1.1", lambda one: replace(one, kind=Kind.SHORT_TEXT), OLD)
    reasons = {"1.1.1": Reason(weight, "Korter.")} if weight else {}
    found = lines(compare(OLD, new), reasons)

    assert [line.explained for line in found] == [explained] + [True] * (len(found) - 1)
    assert found[0] == Line(found[0].difference, reasons.get("1.1.1"))
    assert (found[0].question_id, found[0].least) == ("1.1.1", Weight.BREAKING)


def test_renamed_is_the_same_question_under_another_id_and_nothing_else() -> None:
    new = changed("1.1.1", lambda one: replace(one, id="1.1.9", help="Anders toegelicht."), OLD)
    old_question, new_question = (next(one.questions()) for one in (OLD, new))
    assert renamed(OLD, new) == (Renamed(old_question, new_question),)
    assert renamed(OLD, changed("1.1.9", lambda one: replace(one, text="Iets anders?"), new)) == ()
    assert renamed(OLD, OLD) == ()


@pytest.mark.parametrize(
    ("approver", "editors", "allowed"),
    [
        (VERA, {VERA, WOUT}, False),  # proposed it
        (WOUT, {VERA}, True),
        (WOUT, {VERA, WOUT}, True),
        (WOUT, {WOUT}, False),  # wrote it alone
        (ALI, {VERA, WOUT}, True),
        (ALI, set(), False),  # nobody wrote it: something is wrong with the record
    ],
)
def test_may_approve_is_for_a_second_person(
    approver: UUID,
    editors: set[UUID],
    allowed: bool,
) -> None:
    assert may_approve(approver, VERA, editors) is allowed
