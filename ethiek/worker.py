"""The worker: takes one job at a time, keeps its lease alive, and survives whatever the job does.

A job is done by a ``Handler``. It opens ``db.transaction()`` for its effect and calls ``jobs.finish`` inside
it, so that effect and "done" are one. Logs name jobs by kind and id only.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Final

from flask import Flask

from ethiek import db
from ethiek.errors import (
    EthiekError,
    InputError,
    LeaseLostError,
    NotFoundError,
    RenderError,
    RuleError,
    ServiceUnavailableError,
)
from ethiek.services import jobs, sessions, throttle
from ethiek.services.jobs import LEASE_SECONDS, Lease

_log = logging.getLogger(__name__)

TIDY_SECONDS: Final = 3600.0

_FINAL: Final = (InputError, NotFoundError, RenderError, RuleError)
"""Errors that another try meets again."""


class StoppingError(EthiekError):
    """The worker has been asked to stop; the job goes back and another worker starts it anew."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler gets: its turn, and a way to tell how far it is."""

    lease: Lease
    stop: Event

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was asked, as it was enqueued."""
        return self.lease.payload

    def tick(self, progress: int, label: str = "") -> None:
        """Show progress (0 to 100) and keep the turn. Never call it inside a transaction.

        Raises:
            StoppingError: the worker has to stop; let it through.
            LeaseLostError: somebody else has the job; let it through.
        """
        if self.stop.is_set():
            raise StoppingError
        with db.own_transaction() as session:
            jobs.heartbeat(session, self.lease, progress, label)


Handler = Callable[[JobContext], None]


def run_worker(
    app: Flask,
    handlers: Mapping[str, Handler],
    stop: Event,
    poll: float = 0.5,
    lease_seconds: float = LEASE_SECONDS,
    tidy_seconds: float = TIDY_SECONDS,
    tidy: Callable[[Flask], None] | None = None,
) -> None:
    """Do jobs until ``stop`` is set, and tidy up now and then.

    Args:
        handlers: kind of job -> what does it.
        poll: seconds between looks when there is nothing to do.
        lease_seconds: how long a job stays ours without a heartbeat; one is sent four times as often.
        tidy_seconds: between two times of tidying up; the first is at the start.
        tidy: what tidying up is; None for :func:`tidy_up`.
    """
    tidy_at = time.monotonic()
    worker = f"{socket.gethostname()}:{os.getpid()}"
    _log.info("worker %s starts", worker)
    while not stop.is_set():
        if time.monotonic() >= tidy_at:
            (tidy or tidy_up)(app)
            tidy_at = time.monotonic() + tidy_seconds
        if not work_once(app, handlers, stop, worker, lease_seconds):
            stop.wait(poll)
    _log.info("worker %s stops", worker)


def work_once(
    app: Flask,
    handlers: Mapping[str, Handler],
    stop: Event,
    worker: str = "worker",
    lease_seconds: float = LEASE_SECONDS,
) -> bool:
    """Do the job that is first in line; False if there is none, or the database is away."""
    with app.app_context():
        try:
            lease = _next(worker, lease_seconds)
            if lease is not None:
                _do(app, handlers.get(lease.kind), JobContext(lease, stop))
        except ServiceUnavailableError as error:
            _log.warning("worker %s waits: %s", worker, error.reason)
            return False
    return lease is not None


def tidy_up(app: Flask) -> None:
    """Remove sessions and sign-in counts that nobody can use any more; next time will do if the database is away."""
    at = datetime.now(UTC)
    try:
        with app.app_context(), db.own_transaction() as session:
            sessions.forget_old(session, at)
            throttle.forget_old(session, at)
    except ServiceUnavailableError as error:
        _log.warning("not tidied up: %s", error.reason)


def stop_on_signals(stop: Event) -> None:
    """Let SIGTERM and SIGINT end the loop: what runs is finished, or given back at its next ``tick``."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def _next(worker: str, lease_seconds: float) -> Lease | None:
    with db.own_reading() as session:
        if not jobs.is_due(session):
            return None
    with db.own_transaction() as session:
        return jobs.claim(session, worker, lease_seconds)


def _do(app: Flask, handler: Handler | None, context: JobContext) -> None:
    lease = context.lease
    try:
        with _heartbeats(app, lease):
            _run(handler, context)
    except LeaseLostError:
        _log.warning("job %s %s: lease lost", lease.kind, lease.job_id)
    except StoppingError:
        _settle(lease, lambda session: jobs.give_back(session, lease))
    except BaseException as error:  # noqa: BLE001  # libraries fail outside Exception, too
        _fail(lease, error)
    else:
        _log.info("job %s %s: done", lease.kind, lease.job_id)


def _run(handler: Handler | None, context: JobContext) -> None:
    if handler is None:
        raise NotFoundError(f"no handler for {context.lease.kind}")
    handler(context)
    with db.own_reading() as session:
        if jobs.holds(session, context.lease):
            raise RuntimeError("the handler did not finish its job")


def _fail(lease: Lease, error: BaseException) -> None:
    _log.warning("job %s %s: %s at %s", lease.kind, lease.job_id, type(error).__name__, _place(error))
    retry = not isinstance(error, _FINAL)
    _settle(lease, lambda session: jobs.fail(session, lease, reason_of(error), retry=retry))


def reason_of(error: BaseException) -> str:
    """What is kept of an error. Ours hold facts; the text of others may hold anything, also answers.

    >>> reason_of(RenderError("image_missing")), reason_of(ValueError("Noor wrote: ..."))
    ('RenderError: image_missing', 'ValueError')
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, EthiekError) else name


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def _settle(lease: Lease, write: Callable[[Any], None]) -> None:
    """Write how a job ended; if somebody else has it by now, that is for them to say."""
    try:
        with db.own_transaction() as session:
            write(session)
    except LeaseLostError:
        _log.warning("job %s %s: lease lost", lease.kind, lease.job_id)


@contextmanager
def _heartbeats(app: Flask, lease: Lease) -> Iterator[None]:
    """Keep the lease from another thread, on its own connection, for as long as the handler works."""
    done = Event()
    thread = Thread(target=_beat, args=(app, lease, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(app: Flask, lease: Lease, done: Event) -> None:
    while not done.wait(lease.seconds / 4):
        try:
            with app.app_context(), db.own_transaction() as session:
                jobs.heartbeat(session, lease)
        except LeaseLostError:
            return  # the handler will find out when it writes
        except ServiceUnavailableError as error:
            _log.warning("job %s %s: heartbeat failed: %s", lease.kind, lease.job_id, error.reason)
