"""Counting SQL statements per request, outside the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import local
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER: Final = "X-Statements"
"""Header of an answer: how many statements it took, without those that only begin or end a transaction."""

_FRAMES: Final = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

_request = local()


def counting(application: WSGIApplication) -> WSGIApplication:
    """Put the number of statements of each request in a header of its answer; a request is one thread."""
    event.listen(Engine, "before_cursor_execute", _count)

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _request.statements = 0

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, (HEADER, str(_request.statements))], exc_info)

        return application(environ, start)

    return counted


def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith(_FRAMES):
        _request.statements = getattr(_request, "statements", 0) + 1
