"""The press: one preview at a time, each once, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ethiek.errors import BusyError, RenderError
from ethiek.reports.pictures import Pictures, pictures_of
from ethiek.reports.source import ReportSource
from ethiek.services.previewing import KEPT, SEATS, Press, Preview
from tests.unit.reports.sources import a_source

PREVIEW = Preview(b"%PDF-", Pictures((), 0))


@pytest.fixture(scope="module")
def source() -> ReportSource:
    return replace(a_source(), preview=True)


def waiting(press: Press) -> int:
    """How many seats are taken."""
    return SEATS - press._seats._value


def eventually(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_press_when_twenty_ask_for_one_report_makes_it_once_and_sends_most_away(source: ReportSource) -> None:
    made: list[ReportSource] = []
    go = threading.Event()

    def make(given: ReportSource) -> Preview:
        made.append(given)
        assert go.wait(10)
        return PREVIEW

    press = Press(make)

    def ask(_: int) -> str:
        try:
            return "made" if press.preview(source) == PREVIEW else "other"
        except BusyError:
            return "busy"

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
        eventually(lambda: sum(answer.done() for answer in answers) == 20 - SEATS)
        go.set()
        found = sorted(answer.result() for answer in answers)

    assert (found, made) == (["busy"] * (20 - SEATS) + ["made"] * SEATS, [source])
    assert (press.preview(source), press.known(source), len(made)) == (PREVIEW, PREVIEW, 1)


def test_press_makes_different_reports_one_after_the_other(source: ReportSource) -> None:
    at_once: list[int] = []
    working = threading.Semaphore(1)

    def make(_: ReportSource) -> Preview:
        at_once.append(int(working.acquire(blocking=False)))
        time.sleep(0.05)
        working.release()
        return PREVIEW

    press = Press(make)
    sources = [replace(source, public_url=f"https://{number}.example.nl") for number in range(SEATS)]
    with ThreadPoolExecutor(SEATS) as pool:
        assert list(pool.map(press.preview, sources)) == [PREVIEW] * SEATS
    assert at_once == [1] * SEATS


def test_press_when_the_turn_does_not_come_in_time_says_busy(source: ReportSource) -> None:
    go = threading.Event()

    def slow(_: ReportSource) -> Preview:
        assert go.wait(10)
        return PREVIEW

    press = Press(slow, seconds=0.05)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(press.preview, source)
        eventually(press._turn.locked)
        with pytest.raises(BusyError):
            press.preview(replace(source, public_url="https://x.example.nl"))
        go.set()
        assert first.result() == PREVIEW


def test_press_when_a_report_cannot_be_made_does_not_try_again_at_once(source: ReportSource) -> None:
    tries: list[ReportSource] = []

    def make(given: ReportSource) -> Preview:
        tries.append(given)
        raise RenderError("no")

    press = Press(make)
    for _ in range(3):
        with pytest.raises(RenderError, match="no"):
            press.preview(source)
    assert (len(tries), press.known(source), waiting(press)) == (1, None, 0)


def test_press_keeps_the_last_ones_only_and_a_later_approval_is_another(source: ReportSource) -> None:
    press = Press(lambda _: PREVIEW)
    sources = [replace(source, approvals=source.approvals + b" " * number) for number in range(KEPT + 1)]
    for one in sources:
        press.preview(one)
    assert [press.known(one) is not None for one in sources] == [False] + [True] * KEPT


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 nonsense", b"<html>"])
def test_pictures_of_what_is_no_document_are_refused(pdf: bytes) -> None:
    with pytest.raises(RenderError, match="cannot be drawn"):
        pictures_of(pdf)


def test_pictures_that_take_too_long_are_refused() -> None:
    with pytest.raises(RenderError, match=r"not drawn after 0\.01 seconds"):
        pictures_of(b"%PDF-", 0.01)
