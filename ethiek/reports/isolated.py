"""Rendering where it can do no harm: in a child process, with an end, and a reason for every failure."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import rfc8785

from ethiek.errors import RenderError
from ethiek.reports import verify
from ethiek.reports.child import REFUSED
from ethiek.reports.child_process import ChildTimeoutError, run_child
from ethiek.reports.jobs import Source, job_of
from ethiek.reports.source import ReportSource, digest, read

CHILD: Final = "ethiek.reports.child"
CHILDREN: Final = (CHILD, verify.CHILD)
"""What a process that makes or checks reports often keeps prepared."""
TRIAL_SECONDS: Final = 30.0
BY_SIGNAL: Final = {
    -signal.SIGXCPU: "the report takes more processor time than it may have",
    -signal.SIGKILL: "the process that made the report was killed; the machine may be short of memory",
}
CRASHED: Final = "the process that made the report ended unexpectedly, probably for lack of memory"


def render_isolated(
    source: Source, wall_seconds: float = 180, tick: Callable[[], None] | None = None
) -> bytes:
    """Render in a child process.

    Args:
        wall_seconds: the child is killed after this time.
        tick: called about once a second meanwhile, for example to keep the lease of a job.

    Raises:
        RenderError: with a reason that people understand.
    """
    try:
        status, output = run_child(CHILD, job_of(source), wall_seconds=wall_seconds, tick=tick)
    except ChildTimeoutError as error:
        raise RenderError(f"the report was not finished after {wall_seconds:g} seconds") from error
    if status == 0:
        return output
    if status == REFUSED:
        refusal = json.loads(output)
        raise RenderError(refusal["reason"], tuple(refusal["questions"]))
    raise RenderError(BY_SIGNAL.get(status, CRASHED))


def blame(source: ReportSource, wall_seconds: float = TRIAL_SECONDS) -> tuple[str, ...]:
    """The ids of the questions whose answers make a report fail, in the order asked.

    Halves the answers until the culprits are left: one bad answer in a hundred costs about fifteen renders.
    Where answers only fail together, the longest of them is named. Empty when the cause is not an answer.

    Raises:
        RenderError: the documents themselves are wrong.
    """
    rows: list[dict[str, Any]] = list(read(source).snapshot.get("answers", []))
    try:
        render_isolated(source, wall_seconds)
    except RenderError as error:
        if error.questions or _fails(source, [], wall_seconds):
            return error.questions
    else:
        return ()
    guilty = _guilty(source, rows, wall_seconds)
    return tuple(dict.fromkeys(row["question"] for row in rows if row in guilty))


def _guilty(
    source: ReportSource, rows: Sequence[dict[str, Any]], wall_seconds: float
) -> list[dict[str, Any]]:
    """Which of these rows make a report fail; together they do."""
    if len(rows) < 2:  # noqa: PLR2004  # nothing to halve
        return list(rows)
    middle = len(rows) // 2
    failing = [half for half in (rows[:middle], rows[middle:]) if _fails(source, half, wall_seconds)]
    if not failing:
        return [max(rows, key=lambda row: len(json.dumps(row)))]
    return [row for half in failing for row in _guilty(source, half, wall_seconds)]


def _fails(source: ReportSource, rows: Sequence[dict[str, Any]], wall_seconds: float) -> bool:
    try:
        render_isolated(with_answers(source, rows), wall_seconds)
    except RenderError:
        return True
    return False


def with_answers(source: ReportSource, rows: Sequence[dict[str, Any]]) -> ReportSource:
    """The same report with other answers, and with the SHA-256 values that belong to them."""
    snapshot = rfc8785.dumps({**json.loads(source.snapshot), "answers": list(rows)})
    advice = rfc8785.dumps({**json.loads(source.advice), "snapshot_sha256": digest(snapshot)})
    approvals = rfc8785.dumps({**json.loads(source.approvals), "advice_sha256": digest(advice)})
    return replace(source, snapshot=snapshot, advice=advice, approvals=approvals)
