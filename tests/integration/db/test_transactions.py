from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from ethiek import db


def test_transaction_when_it_succeeds_is_kept(probe_app: Flask) -> None:
    with probe_app.app_context():
        with db.transaction() as session:
            session.execute(text("INSERT INTO probe VALUES (1)"))
        assert numbers() == [1]


def test_transaction_when_it_fails_is_undone(probe_app: Flask) -> None:
    with probe_app.app_context():
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            session.execute(text("INSERT INTO probe VALUES (2)"))
            1 / 0  # noqa: B018
        assert numbers() == []


def numbers() -> list[int]:
    with db.reading() as session:
        return list(session.scalars(text("SELECT n FROM probe ORDER BY n")))
