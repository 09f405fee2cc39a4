"""What a request costs inside the server, counted outside the product."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import local
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATEMENTS: Final = "X-Statements"
"""Header of an answer: how many SQL statements it took, without those that only frame a transaction."""

PROCESSOR: Final = "X-Processor-Ms"
"""Header of an answer: milliseconds that a processor worked on it in our code, waiting not counted."""

_FRAMES: Final = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

_request = local()


def metered(application: WSGIApplication) -> WSGIApplication:
    """Put what each request cost in headers of its answer; a request is one thread."""
    event.listen(Engine, "before_cursor_execute", _count)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _request.statements, before = 0, time.thread_time()

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            spent = (time.thread_time() - before) * 1000
            cost = [(STATEMENTS, str(_request.statements)), (PROCESSOR, f"{spent:.2f}")]
            return start_response(status, [*headers, *cost], exc_info)

        return application(environ, start)

    return answer


def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith(_FRAMES):
        _request.statements = getattr(_request, "statements", 0) + 1
