"""Rules about the code itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "ethiek" / "templates").rglob("*.html"))
CODE = sorted((ROOT / "ethiek").rglob("*.py"))


def test_rooms_import_downwards_only() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_never_switch_escaping_off_and_hold_no_inline_code(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"\|\s*safe\b|autoescape\s+false|Markup\(", text) == []
    if "reports" not in template.parts:  # reports are for paper
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text) == []


def test_status_is_written_in_one_place() -> None:
    writers = [
        path.name
        for path in CODE
        if re.search(r"dossier\.status = (?!=)", path.read_text()) and path.name != "builders.py"
    ]
    assert writers == ["transitions.py"]


def test_services_never_commit_and_rules_have_no_clock() -> None:
    committing = [p.name for p in CODE if p.parent.name == "services" and ".commit()" in p.read_text()]
    clocks = [
        p.name for p in CODE if p.parent.name in {"domain", "services"} and "datetime.now(" in p.read_text()
    ]
    assert (committing, clocks) == ([], [])
