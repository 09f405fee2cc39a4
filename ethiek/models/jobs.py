"""Work that is slow or leaves the machine, promised in the transaction that asks for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from ethiek.models.base import Base, CanonicalJson


class JobStatus(StrEnum):
    """Where a job stands; ``DEAD`` waits for a person."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work, for whichever worker has time."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_is_percentage"),
        CheckConstraint("attempts BETWEEN 0 AND max_attempts", name="attempts_within_maximum"),
        CheckConstraint(
            "(status = 'running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name="running_has_lease",
        ),
        CheckConstraint(
            "(status IN ('done', 'dead')) = (finished_at IS NOT NULL)", name="finished_has_moment"
        ),
        Index("ix_job_status_run_after", "status", "run_after"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(CanonicalJson())
    """Ids only: names and answers are looked up when the work is done."""
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    """The same key is the same work, however often it is asked for."""
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    run_after: Mapped[datetime]
    worker: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    """Of the worker whose turn it is; every write of a worker asks for it."""
    progress: Mapped[int] = mapped_column(default=0)
    progress_label: Mapped[str] = mapped_column(default="")
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
