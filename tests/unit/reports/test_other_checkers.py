"""Checkers that others wrote say what the gate says; one that is not on the machine is skipped, with that reason.

``page-validation`` is installed with the test requirements; its tests are in ``test_conformance.py``. ``outloud``
(``pipx install outloud``) and veraPDF are commands: they need not share their libraries with us.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports.violations import VIOLATIONS, seeded

HEARD = ("no language", "not marked as tagged", "heading level skipped", "field without name", "empty box")
"""Violations that outloud knows of."""


def command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def outloud_says(pdf: bytes, folder: Path) -> tuple[str, list[str]]:
    """The verdict, and the rules that are broken."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        [command("outloud"), "--json", "-", "--layer", "conformance", path],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    result: dict[str, Any] = json.loads(said)["results"][0]
    rules = [finding["rule"] for finding in result["findings"] if finding["severity"] == "error"]
    return result["verdict"], rules


def test_outloud_finds_nothing_before_and_after_sealing(
    unsigned: bytes, signed: bytes, tmp_path: Path
) -> None:
    assert outloud_says(unsigned, tmp_path) == ("pass", [])
    assert outloud_says(signed, tmp_path) == ("pass", [])


@pytest.mark.parametrize("violation", HEARD)
def test_outloud_hears_what_the_gate_hears(unsigned: bytes, violation: str, tmp_path: Path) -> None:
    verdict, rules = outloud_says(seeded(unsigned, VIOLATIONS[violation][1]), tmp_path)

    assert (verdict, bool(rules)) == ("fail", True)


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_calls_the_report_compliant(
    unsigned: bytes, signed: bytes, flavour: str, tmp_path: Path
) -> None:
    verapdf = command("verapdf")
    paths = [tmp_path / "unsigned.pdf", tmp_path / "signed.pdf"]
    for path, pdf in zip(paths, (unsigned, signed), strict=True):
        path.write_bytes(pdf)

    said = subprocess.run(
        [verapdf, "--flavour", flavour, "--format", "text", *paths],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert [line.split()[0] for line in said.splitlines()] == ["PASS", "PASS"]
