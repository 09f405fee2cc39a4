"""Renders one report in a process of its own: ``python -m ethiek.reports.child``.

Standard input is one JSON object: the four documents in base64, ``test_seal``, ``time_stamps`` and
``language``. Standard output is the PDF (exit status 0) or, with exit status 3, a JSON object with ``reason``
and ``questions``.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Final

from ethiek.errors import RenderError
from ethiek.reports.confinement import confine
from ethiek.reports.render import render
from ethiek.reports.source import ReportSource

MEMORY_BYTES: Final = 3 * 2**29
"""1.5 GiB of address space; an advice of 200 pages needs a fifth of it."""
CPU_SECONDS: Final = 120
REFUSED: Final = 3
DOCUMENTS: Final = ("snapshot", "advice", "approvals", "questionnaire")


def job_of(source: ReportSource) -> bytes:
    """The job as it goes to the child."""
    documents = {name: base64.b64encode(getattr(source, name)).decode() for name in DOCUMENTS}
    shown = {
        "test_seal": source.test_seal,
        "time_stamps": source.time_stamps,
        "language": source.language,
    }
    return json.dumps({**documents, **shown}).encode()


def source_of(job: bytes) -> ReportSource:
    """The same job, read back.

    Raises:
        RenderError: it is not a job.
    """
    try:
        values = json.loads(job)
        documents = {name: base64.b64decode(values[name], validate=True) for name in DOCUMENTS}
        return ReportSource(
            **documents,
            test_seal=bool(values["test_seal"]),
            time_stamps=bool(values["time_stamps"]),
            language=str(values["language"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RenderError("the job is not a report source") from error


def main() -> int:
    """Render the job on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    try:
        output = render(source_of(sys.stdin.buffer.read()))
        status = 0
    except RenderError as error:
        output, status = _refusal(error.reason, error.questions), REFUSED
    except MemoryError:
        output, status = _refusal("the report needs more memory than it may have", ()), REFUSED
    sys.stdout.buffer.write(output)
    return status


def _refusal(reason: str, questions: tuple[str, ...]) -> bytes:
    return json.dumps({"reason": reason, "questions": questions}).encode()


if __name__ == "__main__":
    sys.exit(main())
