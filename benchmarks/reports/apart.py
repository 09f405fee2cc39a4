"""Measuring in a process of its own, in which nothing was imported yet."""

from __future__ import annotations

import importlib
import tempfile
import time
from pathlib import Path
from typing import Any, Final

MADE: Final = ("fill in", "read", "render", "finish", "repack", "seal", "archive")
"""The steps that make a report; the others only look whether it is right."""


def in_new_process(pages: int, times: int) -> Any:
    """Measure reports of one size; returns what :func:`benchmarks.reports.steps.measure` does."""
    before = time.process_time()
    steps = importlib.import_module("benchmarks.reports.steps")
    imports = time.process_time() - before
    with tempfile.TemporaryDirectory() as folder:
        return steps.measure(pages, times, Path(folder), imports)
