"""Whether a connection from the pool is still one: asked only where there is reason to doubt it.

Asking costs a round trip, several times per request. A server that stops says so on the socket, which can be
looked at for nothing; only after a while without use may a connection have gone in silence.
"""

from __future__ import annotations

import select
import time
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

TRUSTED_SECONDS: Final = 5.0
"""How long after its last use a connection is not asked anything."""

_RETURNED: Final = "returned"  # when a connection came back to the pool, kept in its ``info``


def keep_alive(engine: Engine) -> None:
    """Replace connections that a server closed before anybody gets them from the pool."""

    def note(_connection: object, record: Any) -> None:
        record.info[_RETURNED] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if _doubtful(connection, record.info.get(_RETURNED)) and not _answers(engine, connection):
            raise InvalidatePoolError

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


def _doubtful(connection: Any, returned: float | None) -> bool:
    if returned is None:  # made just now
        return False
    return time.monotonic() - returned > TRUSTED_SECONDS or _has_news(connection)


def _has_news(connection: Any) -> bool:
    """Tell whether something came in that nobody asked for: mostly that the server is gone."""
    if connection.closed:
        return True
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
