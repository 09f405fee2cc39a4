from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ethiek.errors import LeaseLostError, NotFoundError, RuleError
from ethiek.models.jobs import Job, JobStatus
from ethiek.services import jobs
from ethiek.services.jobs import JobState, Lease
from tests.conftest import AT


def a_job(session: Session, key: str = "advice-1", *, max_attempts: int = 3) -> Job:
    return jobs.enqueue(session, "seal", {"advice": "1"}, key, AT, max_attempts=max_attempts)


def a_lease(session: Session, lease_seconds: float = 30) -> Lease:
    lease = jobs.claim(session, "worker", lease_seconds)
    assert lease is not None
    return lease


def a_lost_lease(session: Session) -> Lease:
    """A lease that ran out a second ago: its worker is frozen, or dead."""
    return a_lease(session, lease_seconds=-1)


def test_enqueue_when_asked_twice_gives_the_same_job(session: Session) -> None:
    first = a_job(session)
    again = jobs.enqueue(session, "seal", {"advice": "2"}, "advice-1", AT)

    assert again.id == first.id
    assert again.payload == {"advice": "1"}
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_enqueue_makes_a_waiting_job(session: Session) -> None:
    job = a_job(session)
    assert jobs.status(session, job.id) == JobState(
        id=job.id,
        kind="seal",
        status=JobStatus.WAITING,
        progress=0,
        label="",
        attempts=0,
        max_attempts=3,
        reason="",
        run_after=AT,
    )


def test_claim_when_there_is_nothing_gives_none(session: Session) -> None:
    assert jobs.is_due(session) is False
    assert jobs.claim(session, "worker") is None


def test_claim_takes_the_oldest_job_once(session: Session) -> None:
    a_job(session, "second")
    oldest = jobs.enqueue(session, "mail", {"to": "7"}, "first", AT - timedelta(hours=1))
    assert jobs.is_due(session) is True

    lease = a_lease(session)
    assert lease == Lease(oldest.id, lease.token, "mail", {"to": "7"}, 1, 30)
    assert a_lease(session).kind == "seal"
    assert jobs.claim(session, "worker") is None


def test_claim_when_it_is_not_time_yet_leaves_the_job(session: Session) -> None:
    jobs.enqueue(session, "seal", {}, "later", datetime.now(UTC), delay=timedelta(minutes=1))
    assert jobs.claim(session, "worker") is None


def test_claim_keeps_the_lease_on_the_clock_of_the_database(session: Session) -> None:
    job = a_job(session)
    before = datetime.now(UTC)
    a_lease(session, lease_seconds=30)
    session.refresh(job)
    assert job.lease_until is not None
    assert timedelta(seconds=29) < job.lease_until - before < timedelta(seconds=40)


def test_finish_ends_the_job(session: Session) -> None:
    job = a_job(session)
    jobs.finish(session, a_lease(session))

    state = jobs.status(session, job.id)
    assert (state.status, state.progress, state.attempts) == (JobStatus.DONE, 100, 1)
    assert jobs.claim(session, "worker") is None


def test_heartbeat_tells_progress_and_keeps_the_turn(session: Session) -> None:
    job = a_job(session)
    lease = replace(a_lost_lease(session), seconds=30)
    jobs.heartbeat(session, lease, 40, "Rendering")

    assert jobs.claim(session, "another") is None
    state = jobs.status(session, job.id)
    assert (state.progress, state.label) == (40, "Rendering")


def test_late_result_of_a_frozen_worker_is_refused(session: Session) -> None:
    job = a_job(session)
    frozen = a_lost_lease(session)
    new = a_lease(session)
    assert (new.job_id, new.attempt) == (frozen.job_id, 2)

    with pytest.raises(LeaseLostError):
        jobs.finish(session, frozen)
    with pytest.raises(LeaseLostError):
        jobs.heartbeat(session, frozen)
    with pytest.raises(LeaseLostError):
        jobs.fail(session, frozen, "late", retry=True)
    with pytest.raises(LeaseLostError):
        jobs.give_back(session, frozen)
    assert (jobs.holds(session, frozen), jobs.holds(session, new)) == (False, True)
    jobs.finish(session, new)
    assert jobs.status(session, job.id).status is JobStatus.DONE


def test_job_that_loses_every_worker_ends_dead_and_others_go_on(session: Session) -> None:
    killer = a_job(session, "killer", max_attempts=2)
    other = jobs.enqueue(session, "mail", {}, "other", AT + timedelta(seconds=1))
    assert [a_lost_lease(session).job_id for _ in range(2)] == [killer.id, killer.id]

    assert a_lease(session).job_id == other.id
    state = jobs.status(session, killer.id)
    assert (state.status, state.attempts, state.reason) == (JobStatus.DEAD, 2, "worker_lost")


def test_fail_when_trying_again_may_help_waits_longer_each_time(session: Session) -> None:
    job = a_job(session, max_attempts=3)
    pauses = []
    for _ in range(2):
        before = datetime.now(UTC)
        jobs.fail(session, a_lease(session), "mail server away", retry=True)
        pauses.append((jobs.status(session, job.id).run_after - before).total_seconds())
        session.execute(update(Job).values(run_after=AT))

    assert 22 < pauses[0] < 39
    assert 44 < pauses[1] < 77
    jobs.fail(session, a_lease(session), "mail server away", retry=True)
    state = jobs.status(session, job.id)
    assert (state.status, state.attempts, state.reason) == (JobStatus.DEAD, 3, "mail server away")


def test_fail_when_trying_again_cannot_help_is_dead_at_once(session: Session) -> None:
    job = a_job(session)
    jobs.fail(session, a_lease(session), "x" * 2000, retry=False)
    state = jobs.status(session, job.id)
    assert (state.status, state.reason) == (JobStatus.DEAD, "x" * 1000)


def test_give_back_lets_another_worker_start_at_once(session: Session) -> None:
    job = a_job(session)
    jobs.give_back(session, a_lease(session))
    again = a_lease(session)
    assert (again.job_id, again.attempt) == (job.id, 1)


def test_retry_dead_starts_again_from_the_beginning(session: Session) -> None:
    job = a_job(session)
    jobs.fail(session, a_lease(session), "certificate expired", retry=False)
    jobs.retry_dead(session, job.id)
    assert a_lease(session).attempt == 1


def test_retry_dead_when_the_job_is_not_dead_refuses(session: Session) -> None:
    job = a_job(session)
    with pytest.raises(RuleError):
        jobs.retry_dead(session, job.id)
    with pytest.raises(NotFoundError):
        jobs.retry_dead(session, uuid4())


def test_unfinished_shows_dead_jobs_first_and_no_done_ones(session: Session) -> None:
    for key in ("done", "dead", "waiting"):
        a_job(session, key)
        if key != "waiting":
            lease = a_lease(session)
            jobs.finish(session, lease) if key == "done" else jobs.fail(session, lease, "no", retry=False)

    assert [state.status for state in jobs.unfinished(session)] == [JobStatus.DEAD, JobStatus.WAITING]


def test_status_when_unknown_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        jobs.status(session, UUID(int=0))
