"""``ethiek verify``: who signed what and when, and every failure in one plain sentence, without database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .certificates import trust_files
from .instance import current
from .verification import Verification
from .verify import verify

ALL_HOLD: Final = 0
CHECK_FAILED: Final = 1
UNREADABLE: Final = 2
WORDS: Final = {
    "nl": {"ok": "OK", "not_ok": "NIET OK", "holds": "ok  ", "fails": "FOUT", "level": "niveau"},
    "en": {"ok": "OK", "not_ok": "NOT OK", "holds": "ok  ", "fails": "FAIL", "level": "level"},
}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to know. ``instance``: the address to ask whether reports still count; empty: nobody.

    ``trust``: files or folders with certificates (PEM or DER) of parties that are trusted; ``crls``: files with
    their revocation lists.
    """

    files: Sequence[Path]
    trust: Sequence[Path] = ()
    crls: Sequence[Path] = ()
    instance: str = ""
    as_json: bool = False
    language: str = "nl"


def run(request: Request) -> int:
    """Verify each file and print what was found.

    Returns:
        0 when every check of every file holds, 1 when one fails, 2 when something cannot be read.
    """
    try:
        trust = [path.read_bytes() for path in trust_files(request.trust)]
        crls = [path.read_bytes() for path in trust_files(request.crls)]
        files = [(path, path.read_bytes()) for path in request.files]
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return UNREADABLE
    results = [(path, _checked(data, trust, crls, request)) for path, data in files]
    sys.stdout.write(_as_json(results) if request.as_json else _as_text(results, request.language))
    return _exit_code(result for _, result in results)


def _checked(data: bytes, trust: list[bytes], crls: list[bytes], request: Request) -> Verification:
    result = verify(data, trust, crls=crls, language=request.language)
    if not (request.instance and result.readable):
        return result
    status = current(request.instance, result.sha256, request.language, inside_sha256=result.inside_sha256)
    return result.and_found(status)


def _exit_code(results: Iterable[Verification]) -> int:
    checked = list(results)
    if not checked or any(not result.readable for result in checked):
        return UNREADABLE
    return ALL_HOLD if all(result.ok for result in checked) else CHECK_FAILED


def _as_json(results: Iterable[tuple[Path, Verification]]) -> str:
    rows = [{"file": str(path), **result.to_json()} for path, result in results]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _as_text(results: Iterable[tuple[Path, Verification]], language: str) -> str:
    return "\n".join(_lines(path, result, WORDS[language]) for path, result in results)


def _lines(path: Path, result: Verification, words: dict[str, str]) -> str:
    head = [f"{path}: {words['ok' if result.ok else 'not_ok']}"]
    if result.reference:
        head.append(f"  {result.reference} - {result.title} - {result.verdict}")
    if result.level:
        head.append(f"  {', '.join(result.signatures)} ({words['level']} {result.level})")
    marks = (
        f"  {words['holds' if finding.ok else 'fails']}  {finding.sentence}" for finding in result.findings
    )
    return "".join(f"{_harmless(line)}\n" for line in [*head, *marks])


def _harmless(line: str) -> str:
    """A file may hold terminal codes in its names; they are not passed on."""
    return "".join(character if character.isprintable() else "?" for character in line)
