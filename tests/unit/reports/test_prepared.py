"""Children that are split off from a prepared process are as alone as those that are started anew."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ethiek.reports import child_process
from ethiek.reports.child_process import ChildTimeoutError, prepared, run_child
from ethiek.reports.isolated import CHILD, render_isolated
from tests.unit.reports.sources import every_kind

OBEDIENT = "tests.unit.reports.obedient"
SECONDS = 60.0
KILLED = -signal.SIGKILL


@pytest.fixture
def nursery() -> Iterator[int]:
    """The process id of a prepared process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ETHIEK_SECRET_KEY", "secret")
        with prepared((OBEDIENT,)):
            yield told("hello")["parent"]


def told(job: str) -> dict[str, Any]:
    status, output = run_child(OBEDIENT, job.encode(), wall_seconds=SECONDS)
    assert status == 0
    found: dict[str, Any] = json.loads(output)
    return found


def is_alive(process: int) -> bool:
    """Not when it has ended, nor when only its entry in the table is left."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_in_time(process: int) -> bool:
    deadline = time.monotonic() + SECONDS
    while is_alive(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(process)


def test_every_job_has_a_process_of_its_own_with_nothing_of_others_in_it(nursery: int) -> None:
    first, second = told("first"), told("second")

    assert first["pid"] != second["pid"]
    assert (first["parent"], second["parent"]) == (nursery, nursery) != (os.getpid(),) * 2
    assert (first["seen"], second["seen"]) == (["first"], ["second"])
    assert first["open"] == [0, 1, 2]
    assert "ETHIEK_SECRET_KEY" not in first["environment"]


@pytest.mark.parametrize(("job", "status"), [("kill", KILLED), ("fail", 1), ("grow", 1), ("seven", 7)])
def test_child_that_ends_badly_says_how_and_harms_nobody(nursery: int, job: str, status: int) -> None:
    assert run_child(OBEDIENT, job.encode(), wall_seconds=SECONDS)[0] == status
    assert told("next")["parent"] == nursery


@pytest.mark.usefixtures("nursery")
def test_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ChildTimeoutError):
        run_child(OBEDIENT, b"sleep", wall_seconds=0.3)

    assert gone_in_time(child_of(told("next")["parent"]))


def child_of(process: int) -> int:
    """A child of a process; 0 if it has none."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[0]) if children else 0


@pytest.mark.usefixtures("nursery")
def test_error_while_waiting_ends_the_child() -> None:
    def lost() -> None:
        raise RuntimeError("lease lost")

    with pytest.raises(RuntimeError, match="lease lost"):
        run_child(OBEDIENT, b"sleep", wall_seconds=SECONDS, tick=lost)

    assert gone_in_time(child_of(told("next")["parent"]))


def test_jobs_of_several_threads_get_their_own_answers(nursery: int) -> None:
    names = [f"job {number}" for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(told, names))

    assert [answer["seen"] for answer in answers] == [[name] for name in names]
    assert {answer["parent"] for answer in answers} == {nursery}


def test_prepared_process_does_only_what_it_is_prepared_for(nursery: int) -> None:
    status, output = run_child("tests.unit.reports.slow_reader", b"four", wall_seconds=SECONDS)

    assert (status, output) == (0, b"4")
    assert is_alive(nursery)


def test_without_the_prepared_process_children_are_started_anew() -> None:
    with prepared((OBEDIENT,)):
        nursery = told("hello")["parent"]
        os.kill(nursery, signal.SIGKILL)
        assert gone_in_time(nursery)

        assert told("hello")["parent"] == os.getpid()
    assert told("hello")["parent"] == os.getpid()


def test_prepared_process_and_its_children_end_with_who_asked() -> None:
    with prepared((OBEDIENT,)):
        nursery = told("hello")["parent"]
        os.kill(nursery, signal.SIGTERM)  # a stop of the whole group; a job may be given back first
        assert told("hello")["parent"] == nursery

    assert not is_alive(nursery)
    assert child_process._nursery is None


def test_reports_are_the_same_bytes_however_their_process_came_to_be() -> None:
    kinds = every_kind()
    anew = [render_isolated(each) for each in kinds]
    with prepared((CHILD,)):
        assert [render_isolated(each) for each in kinds] == anew
