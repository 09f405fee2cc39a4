"""The command that measures reports still works; what it measures is for a quiet machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ["--pages", "9", "--repeat", "1", "--reports", "2", "--jobs", "0"]


def test_report_benchmark_prints_its_tables() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.reports", *TINY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    rows = [line.split("|")[1].strip(" *") for line in said.splitlines() if line.startswith("| ")]
    assert rows == [
        *("step", "import", "fill in", "read", "render", "finish", "repack", "gate", "seal", "gate again"),
        *("verify", "archive", "plain WeasyPrint", "made (without gate and verify), of plain"),
        *("everything, of plain", "level", "B-B", "B-T", "B-LT", "B-LTA"),
        *("process that renders", "started anew", "split off"),
    ]
    assert re.search(r"Memory of a worker over 2 reports, in MB: \d+, \d+\.", said)
