"""The database goes away in the middle of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.builders import World
from tests.pages.conftest import SignIn, database_engine


@pytest.fixture
def break_reading(app: Flask) -> Iterator[Callable[[str], None]]:
    """Let every statement on a table fail from now on, as when the connection is lost."""
    tables: list[str] = []

    def fail(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if any(f"FROM {table}" in statement for table in tables):
            raise OperationalError(statement, {}, ConnectionError("server closed the connection"))

    engine = database_engine(app)
    event.listen(engine, "before_cursor_execute", fail)
    yield tables.append
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_visitor_who_cannot_be_read_is_answered_503(
    world: World, sign_in: SignIn, break_reading: Callable[[str], None], accept: str
) -> None:
    assert world.ids
    noor = sign_in("Noor")
    break_reading("web_session")
    answer = noor.get("/account", headers={"Accept": accept})
    assert answer.status_code == 503
    assert answer.mimetype == accept
    assert noor.post("/uitloggen").status_code == 503


def test_refusal_that_cannot_be_recorded_is_answered_503(
    world: World, sign_in: SignIn, break_reading: Callable[[str], None]
) -> None:
    noor = sign_in("Noor")
    break_reading("audit_event")
    assert noor.post(f"/dossiers/{world.unit_id}/indienen").status_code == 503
    assert noor.client.post("/uitloggen").status_code == 503
