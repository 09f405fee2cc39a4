"""Jobs: promised in the transaction of the event, done at least once, counted once.

A worker holds a job by a lease on the database's clock. The lease has a token; whoever comes back too late
finds another token there, and what it did is rolled back.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from ethiek.errors import LeaseLostError, NotFoundError, RuleError
from ethiek.models.base import database_now, upsert
from ethiek.models.jobs import Job, JobStatus

LEASE_SECONDS: Final = 30.0
MAX_ATTEMPTS: Final = 10
FIRST_PAUSE_SECONDS: Final = 30.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
_LONGEST_REASON: Final = 1000
_NO_LEASE: Final = {"lease_token": None, "lease_until": None}
KILLED: Final = "worker_lost"
"""Reason of a job that took its worker with it every time."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's turn at a job. ``attempt`` counts from 1; ``seconds``: how long it lasts unrenewed."""

    job_id: UUID
    token: UUID
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    seconds: float


@dataclass(frozen=True, slots=True)
class JobState:
    """What a page or an administrator sees of a job. ``progress``: 0 to 100."""

    id: UUID
    kind: str
    status: JobStatus
    progress: int
    label: str
    attempts: int
    max_attempts: int
    reason: str
    run_after: datetime


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    dedupe_key: str,
    at: datetime,
    *,
    delay: timedelta = timedelta(0),
    max_attempts: int = MAX_ATTEMPTS,
) -> Job:
    """Promise work; it is there once the transaction is. The same key gives the job that is there already."""
    values = {"kind": kind, "payload": dict(payload), "dedupe_key": dedupe_key, "max_attempts": max_attempts}
    session.execute(
        upsert(session, Job)
        .values(created_at=at, run_after=at + delay, **values)
        .on_conflict_do_nothing(index_elements=[Job.dedupe_key])
    )
    return session.scalars(select(Job).where(Job.dedupe_key == dedupe_key)).one()


def is_due(session: Session) -> bool:
    """Whether a worker could do something now; asks without writing."""
    return session.scalar(select(Job.id).where(_due()).limit(1)) is not None


def claim(session: Session, worker: str, lease_seconds: float = LEASE_SECONDS) -> Lease | None:
    """Take the job that has waited longest; None if there is nothing to do now.

    A job whose worker went away is taken over, and is ``DEAD`` once that has happened too often: attempts are
    counted here, so a job that kills its worker is counted too.
    """
    _bury_the_lost(session)
    token = uuid4()
    first = select(Job.id).where(_due()).order_by(Job.run_after, Job.created_at).limit(1)
    taken = (
        update(Job)
        .where(Job.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            status=JobStatus.RUNNING,
            attempts=Job.attempts + 1,
            worker=worker,
            lease_token=token,
            lease_until=database_now(lease_seconds),
        )
        .returning(Job.id, Job.kind, Job.payload, Job.attempts)
    )
    row = session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        return None
    job_id, kind, payload, attempt = row
    return Lease(job_id, token, kind, payload, attempt, lease_seconds)


def heartbeat(session: Session, lease: Lease, progress: int | None = None, label: str = "") -> None:
    """Keep the turn, and tell how far the work is.

    Raises:
        LeaseLostError: the turn went to somebody else.
    """
    news: dict[str, Any] = {} if progress is None else {"progress": progress, "progress_label": label}
    _write(session, lease, lease_until=database_now(lease.seconds), **news)


def finish(session: Session, lease: Lease) -> None:
    """The work is done. Call it in the transaction of the effect, so that both stay or neither.

    Raises:
        LeaseLostError: the turn went to somebody else; roll back, or the effect happens twice.
    """
    _end(session, lease, JobStatus.DONE, finished_at=database_now(), progress=100, last_error="")


def fail(session: Session, lease: Lease, reason: str, *, retry: bool) -> None:
    """The work did not succeed: wait for another try, or for a person.

    Args:
        reason: a short text without names or answers.
        retry: False if trying again cannot help.

    Raises:
        LeaseLostError: the turn went to somebody else.
    """
    reason = reason[:_LONGEST_REASON]
    limit = session.scalar(select(Job.max_attempts).where(Job.id == lease.job_id))
    if retry and limit is not None and lease.attempt < limit:
        pause = pause_seconds(lease.attempt, random.random())  # noqa: S311  # spreads load, hides nothing
        _end(session, lease, JobStatus.WAITING, run_after=database_now(pause), last_error=reason)
    else:
        _end(session, lease, JobStatus.DEAD, finished_at=database_now(), last_error=reason)


def give_back(session: Session, lease: Lease) -> None:
    """The worker has to stop: somebody else may start at once, and this try does not count.

    Raises:
        LeaseLostError: the turn went to somebody else.
    """
    _end(session, lease, JobStatus.WAITING, run_after=database_now(), attempts=Job.attempts - 1)


def holds(session: Session, lease: Lease) -> bool:
    """Whether the job is still in the hands of this worker."""
    return session.scalar(select(Job.id).where(*_of(lease))) is not None


def retry_dead(session: Session, job_id: UUID) -> None:
    """Let a dead job start again from the beginning.

    Raises:
        NotFoundError: there is no such job.
        RuleError: it is not dead.
    """
    job = _get(session, job_id)
    if job.status is not JobStatus.DEAD:
        raise RuleError(job.status)
    job.status, job.attempts, job.finished_at, job.progress = JobStatus.WAITING, 0, None, 0
    session.execute(update(Job).where(Job.id == job_id).values(run_after=database_now()))


def try_now(session: Session, job_id: UUID) -> None:
    """Let a job that failed start again at once: one that is dead, or one that pauses before its next try.

    Raises:
        NotFoundError: there is no such job.
        RuleError: it is running or done.
    """
    if _get(session, job_id).status is not JobStatus.WAITING:
        retry_dead(session, job_id)
        return
    session.execute(update(Job).where(Job.id == job_id).values(run_after=database_now()))


def again(session: Session, dedupe_key: str) -> None:
    """There is more to do for a job that was done, or that gave up: it starts again, from the beginning.

    Raises:
        NotFoundError: there is no such job.
        RuleError: it runs at this moment.
    """
    job = session.scalar(select(Job).where(Job.dedupe_key == dedupe_key).with_for_update())
    if job is None:
        raise NotFoundError
    if job.status is JobStatus.RUNNING:
        raise RuleError(job.status)
    job.status, job.attempts, job.finished_at, job.progress = JobStatus.WAITING, 0, None, 0
    job.progress_label = job.last_error = ""
    session.flush()
    session.execute(update(Job).where(Job.id == job.id).values(run_after=database_now()))


def status(session: Session, job_id: UUID) -> JobState:
    """How a job stands.

    Raises:
        NotFoundError: there is no such job.
    """
    return _state(_get(session, job_id))


def unfinished(session: Session) -> list[JobState]:
    """All jobs that are not done, dead ones first, then in the order in which they will run."""
    dead_first = (Job.status != JobStatus.DEAD, Job.run_after, Job.created_at)
    jobs = session.scalars(select(Job).where(Job.status != JobStatus.DONE).order_by(*dead_first))
    return [_state(job) for job in jobs]


def pause_seconds(attempt: int, chance: float) -> float:
    """How long to wait after the so-many-th failure: twice as long each time, give or take a quarter.

    Args:
        chance: from 0.0 to 1.0, so that jobs that failed together do not come back together.

    >>> [pause_seconds(attempt, 0.5) for attempt in (1, 2, 3, 20)]
    [30.0, 60.0, 120.0, 3600.0]
    """
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS) * (0.75 + chance / 2)


def _due() -> Any:
    waiting = and_(Job.status == JobStatus.WAITING, Job.run_after <= database_now())
    lost = and_(Job.status == JobStatus.RUNNING, Job.lease_until < database_now())
    return or_(waiting, lost)


def _bury_the_lost(session: Session) -> None:
    lost = (
        select(Job.id)
        .where(Job.status == JobStatus.RUNNING, Job.lease_until < database_now())
        .where(Job.attempts >= Job.max_attempts)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(Job)
        .where(Job.id.in_(lost))
        .values(status=JobStatus.DEAD, finished_at=database_now(), last_error=KILLED, **_NO_LEASE),
        execution_options={"synchronize_session": False},
    )


def _of(lease: Lease) -> tuple[Any, ...]:
    return (Job.id == lease.job_id, Job.lease_token == lease.token, Job.status == JobStatus.RUNNING)


def _end(session: Session, lease: Lease, new: JobStatus, **values: Any) -> None:
    _write(session, lease, status=new, **_NO_LEASE, **values)


def _write(session: Session, lease: Lease, **values: Any) -> None:
    written = update(Job).where(*_of(lease)).values(**values).returning(Job.id)
    if session.execute(written, execution_options={"synchronize_session": False}).first() is None:
        raise LeaseLostError(lease.job_id)


def _get(session: Session, job_id: UUID) -> Job:
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFoundError
    return job


def _state(job: Job) -> JobState:
    return JobState(
        id=job.id,
        kind=job.kind,
        status=job.status,
        progress=job.progress,
        label=job.progress_label,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        reason=job.last_error,
        run_after=job.run_after,
    )
