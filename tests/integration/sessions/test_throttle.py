from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.models.sessions import LoginAttempt
from ethiek.services import throttle
from ethiek.services.throttle import Verdict
from tests.conftest import AT

NOOR = throttle.sign_in_limits("noor@example.nl", "192.0.2.1")
YES = Verdict(allowed=True, retry_after=0)
NEXT_WINDOW = AT + timedelta(minutes=5)


def attempts(session: Session, limits: tuple[throttle.Limit, ...], number: int) -> list[bool]:
    return [throttle.attempt(session, limits, AT).allowed for _ in range(number)]


def test_eleventh_try_in_a_window_has_to_wait_for_the_next(session: Session) -> None:
    assert attempts(session, NOOR, 10) == [True] * 10
    assert throttle.attempt(session, NOOR, AT + timedelta(seconds=20)) == Verdict(
        allowed=False, retry_after=280
    )
    assert throttle.attempt(session, NOOR, NEXT_WINDOW) == YES


def test_limit_of_an_account_holds_from_any_address_and_leaves_others_alone(session: Session) -> None:
    attempts(session, NOOR, 10)
    assert not throttle.attempt(session, throttle.sign_in_limits(" Noor@Example.NL", "192.0.2.2"), AT).allowed
    assert throttle.attempt(session, throttle.sign_in_limits("sem@example.nl", "192.0.2.3"), AT) == YES


def test_limit_of_an_address_holds_for_any_account(session: Session) -> None:
    for number in range(10):
        throttle.attempt(session, throttle.sign_in_limits(f"{number}@example.nl", "192.0.2.1"), AT)
    assert not throttle.attempt(session, NOOR, AT).allowed


def test_success_starts_the_account_again_and_gives_the_address_its_try_back(session: Session) -> None:
    for number in range(50):
        limits = throttle.sign_in_limits(f"{number}@example.nl", "192.0.2.1")
        assert throttle.attempt(session, limits, AT) == YES
        throttle.succeeded(session, limits, AT)

    attempts(session, NOOR, 9)
    throttle.succeeded(session, NOOR, AT)
    elsewhere = throttle.sign_in_limits("noor@example.nl", "192.0.2.9")
    assert attempts(session, elsewhere, 11) == [True] * 10 + [False]


def test_codes_have_limits_for_minutes_hours_and_days(session: Session) -> None:
    limits = throttle.code_limits("noor")
    tries = [
        throttle.attempt(session, limits, AT + timedelta(minutes=5 * step)).allowed
        for step in range(12)
        for _ in range(6)
    ]
    # 5 in each 5 minutes; 20 tries, refused ones too, in the hour until 10:00; 50 in the day
    by_window = [tries[start : start + 6].count(True) for start in range(0, 72, 6)]
    assert by_window == [5, 5, 5, 2, 0, 0, 5, 5, 2, 0, 0, 0]


def test_counts_hold_no_names_and_go_when_they_are_old(session: Session) -> None:
    throttle.attempt(session, NOOR, AT)
    keys = session.scalars(select(LoginAttempt.key)).all()
    assert sorted(key.split(":")[0] for key in keys) == ["account", "address", "everybody"]
    assert not any("noor" in key or "192" in key for key in keys)

    throttle.forget_old(session, AT + timedelta(days=1))
    assert len(session.scalars(select(LoginAttempt.key)).all()) == 3
    throttle.forget_old(session, AT + timedelta(days=3))
    assert session.scalars(select(LoginAttempt.key)).all() == []


def test_parallel_tries_pass_exactly_ten_times(storage_app: Flask) -> None:
    together = Barrier(8)

    def tries(_: int) -> list[bool]:
        together.wait()
        allowed = []
        for _ in range(8):
            with storage_app.app_context(), db.own_transaction() as session:
                allowed.append(throttle.attempt(session, NOOR, AT).allowed)
        return allowed

    with ThreadPoolExecutor(8) as pool:
        allowed = [one for thread in pool.map(tries, range(8)) for one in thread]
    assert (len(allowed), allowed.count(True)) == (64, 10)
