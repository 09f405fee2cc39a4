"""Renders one document in a process of its own: ``python -m ethiek.reports.child``.

Standard input is one JSON object: ``kind`` (advice, concept, bundle or public) and what a source of that kind holds,
with documents in base64. Standard output is the PDF (exit status 0) or, with exit status 3, a JSON object with
``reason`` and ``questions``.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from ethiek.errors import RenderError
from ethiek.reports.confinement import confine
from ethiek.reports.gate import refuse_breaches
from ethiek.reports.jobs import Source, source_of
from ethiek.reports.render import rendered, warm_up

__all__ = ["conforming", "main", "warm_up"]

MEMORY_BYTES: Final = 3 * 2**29
"""1.5 GiB of address space; an advice of 200 pages needs a fifth of it."""
CPU_SECONDS: Final = 120
REFUSED: Final = 3


def conforming(source: Source) -> bytes:
    """Make the document, and let it through only if it conforms.

    Raises:
        RenderError: it cannot be made, or does not conform.
    """
    return refuse_breaches(rendered(source))


def main() -> int:
    """Render the job on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    try:
        output = conforming(source_of(sys.stdin.buffer.read()))
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
