from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ethiek.errors import RenderError
from ethiek.reports import child, fonts, typed
from ethiek.reports.isolated import blame, render_isolated
from ethiek.reports.jobs import job_of, source_of
from ethiek.reports.render import render
from ethiek.reports.source import ReportSource
from ethiek.reports.trial import trial_source
from tests.unit.reports.sources import a_source, answers
from tests.unit.reports.violations import VIOLATIONS, seeded

HEAVY = " ".join(["woord"] * 400_000)
"""So much text that a few seconds are not enough."""


def test_child_renders_the_same_bytes_and_ticks_meanwhile(source: ReportSource, unsigned: bytes) -> None:
    ticks: list[float] = []

    assert render_isolated(source, tick=lambda: ticks.append(time.monotonic())) == unsigned
    assert len(ticks) >= 1


def test_job_goes_there_and_back(source: ReportSource) -> None:
    assert source_of(job_of(source)) == source
    addressed = replace(source, public_url="https://ethiek.example.nl")
    assert source_of(job_of(addressed)) == addressed


@pytest.mark.parametrize("job", [b"", b"[]", b"{}", b'{"snapshot": 7}'])
def test_something_else_than_a_job_is_refused(job: bytes) -> None:
    with pytest.raises(RenderError) as caught:
        source_of(job)

    assert caught.value.reason == "the job is not a report source"


def test_refusal_of_the_child_comes_back_with_its_reason(source: ReportSource) -> None:
    with pytest.raises(RenderError) as caught:
        render_isolated(replace(source, snapshot=b"{}"))

    assert caught.value.reason == "snapshot.json has format None, expected 'ethiek-snapshot/2'"


def test_report_that_does_not_conform_does_not_leave_the_child(
    source: ReportSource, unsigned: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "rendered", lambda _: seeded(unsigned, VIOLATIONS["untagged content"][1]))

    with pytest.raises(RenderError) as caught:
        child.conforming(source)

    assert caught.value.reason == "the report does not conform to PDF/A-3a and PDF/UA-1: untagged (page 1)"


def test_child_is_killed_at_the_wall_limit() -> None:
    heavy = a_source(snapshot={"answers": [{"question": "1.1.1", "item": "", "answer": {"text": HEAVY}}]})
    start = time.monotonic()

    with pytest.raises(RenderError) as caught:
        render_isolated(heavy, wall_seconds=2)

    assert caught.value.reason == "the report was not finished after 2 seconds"
    assert time.monotonic() - start < 5


def test_error_in_the_tick_ends_the_child_and_is_not_swallowed() -> None:
    def lost() -> None:
        raise RuntimeError("lease lost")

    heavy = a_source(snapshot={"answers": [{"question": "1.1.1", "item": "", "answer": {"text": HEAVY}}]})
    with pytest.raises(RuntimeError, match="lease lost"):
        render_isolated(heavy, tick=lost)


def test_answer_that_makes_rendering_fail_is_named() -> None:
    rows = [{"question": "1.1.2", "item": "", "answer": {"choices": 7}}, answers()[2]]

    assert blame(a_source(snapshot={"answers": rows})) == ("1.1.2",)


def test_answer_to_an_unknown_question_is_named_at_once() -> None:
    rows = [*answers(), {"question": "9.9", "item": "", "answer": {"text": "Verdwaald."}}]

    assert blame(a_source(snapshot={"answers": rows})) == ("9.9",)


def test_no_answer_is_blamed_for_a_report_without_them_that_fails() -> None:
    assert blame(a_source(advice={"adopted": {}})) == ()


def test_nobody_is_blamed_for_a_report_that_renders(source: ReportSource) -> None:
    assert blame(source) == ()


def test_trial_report_needs_no_advice(source: ReportSource) -> None:
    pdf = render_isolated(trial_source(source.snapshot, source.questionnaire))

    assert pdf.startswith(b"%PDF-1.7")


def test_confined_process_has_no_network_and_little_memory() -> None:
    code = (
        "import json, socket\n"
        "from ethiek.reports.confinement import confine\n"
        "confine(memory_bytes=2**28, cpu_seconds=5)\n"
        "found = []\n"
        "for attempt in (\n"
        "    lambda: socket.create_connection(('127.0.0.1', PORT)),\n"
        "    lambda: socket.getaddrinfo('example.org', 80),\n"
        "    lambda: bytes(2**29),\n"
        "):\n"
        "    try:\n"
        "        attempt()\n"
        "    except Exception as error:\n"
        "        found.append(type(error).__name__)\n"
        "print(json.dumps(found))\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = code.replace("PORT", str(server.getsockname()[1]))
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert json.loads(said) == ["PermissionError", "PermissionError", "MemoryError"]


def forget_fonts() -> None:
    fonts.printable.cache_clear()
    typed.shown.cache_clear()


def test_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: ReportSource) -> None:
    for name in fonts.SANS:
        shutil.copy(fonts.FOLDER / name, tmp_path)
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    forget_fonts()
    try:
        with pytest.raises(RenderError) as caught:
            render(source)
    finally:
        forget_fonts()

    assert caught.value.reason == "font NotoSansMono-Regular.ttf is missing; build the front end first"
