"""``ethiek verify``: who signed what and when, and every failure in one plain sentence, without database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from ethiek.reports.verification import Verification
from ethiek.reports.verify import verify

ALL_HOLD: Final = 0
CHECK_FAILED: Final = 1
UNREADABLE: Final = 2


def run(paths: Sequence[Path], trust_files: Iterable[Path], *, as_json: bool, language: str = "nl") -> int:
    """Verify each file and print what was found.

    Args:
        trust_files: certificates (PEM or DER) of the parties that are trusted to issue seals.

    Returns:
        0 when every check of every file holds, 1 when one fails, 2 when something cannot be read.
    """
    try:
        trust = [path.read_bytes() for path in trust_files]
        files = [(path, path.read_bytes()) for path in paths]
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return UNREADABLE
    results = [(path, verify(data, trust, language=language)) for path, data in files]
    sys.stdout.write(_as_json(results) if as_json else _as_text(results))
    return _exit_code(result for _, result in results)


def _exit_code(results: Iterable[Verification]) -> int:
    checked = list(results)
    if not checked or any(not result.readable for result in checked):
        return UNREADABLE
    return ALL_HOLD if all(result.ok for result in checked) else CHECK_FAILED


def _as_json(results: Iterable[tuple[Path, Verification]]) -> str:
    rows = [{"file": str(path), **result.to_json()} for path, result in results]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _as_text(results: Iterable[tuple[Path, Verification]]) -> str:
    return "\n".join(_lines(path, result) for path, result in results)


def _lines(path: Path, result: Verification) -> str:
    head = [f"{path}: {'OK' if result.ok else 'NIET OK'}"]
    if result.reference:
        head.append(f"  {result.reference} - {result.title} - {result.verdict}")
    marks = (f"  {'ok  ' if finding.ok else 'FOUT'}  {finding.sentence}" for finding in result.findings)
    return "".join(f"{_harmless(line)}\n" for line in [*head, *marks])


def _harmless(line: str) -> str:
    """A file may hold terminal codes in its names; they are not passed on."""
    return "".join(character if character.isprintable() else "?" for character in line)
