"""One database from empty to full, and everything measured on the way."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks import organisation
from benchmarks.databases import KINDS
from benchmarks.figures import Answered, Figure
from benchmarks.organisation import Organisation
from benchmarks.population import Population
from benchmarks.scenarios import Browsers, Marks, Visit
from benchmarks.server import environment, running, serving
from benchmarks.story import Stage
from benchmarks.weight import Weight
from ethiek import db
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job, JobStatus

JOBS: Final = 4
JOB_SECONDS: Final = 60.0
DEPTH: Final = 0.9
"""How far down a list "deep down" is."""


@dataclass(slots=True)
class Result:
    """What one database gave."""

    database: str
    version: str = ""
    figures: list[Figure] = field(default_factory=list)
    weight: Weight | None = None


def measure(database: str, sizes: tuple[int, ...], repeat: int) -> Result:
    """Measure on one kind of database, with more and more dossiers."""
    with (
        tempfile.TemporaryDirectory(prefix="ethiek-benchmark-") as folder,
        KINDS[database](Path(folder)) as url,
    ):
        db.upgrade(url)
        engine = db.make_engine(url)
        settings = environment(Path(folder), url)
        result = Result(database, _version(engine))
        bench = Bench(engine, repeat)
        with serving(settings) as port:
            browsers = Browsers(port)
            for size in sizes:
                result.figures += bench.visit(browsers, size)
            result.weight = bench.weight(browsers)
        with running(("benchmarks.work",), settings):
            result.figures.append(bench.reports(sizes[-1]))
        engine.dispose()
    return result


def _version(engine: Engine) -> str:
    with engine.connect() as connection:
        query = "SELECT sqlite_version()" if engine.dialect.name == "sqlite" else "SHOW server_version"
        return str(connection.execute(text(query)).scalar_one())


class Bench:
    """One database: fills it, and visits it."""

    def __init__(self, engine: Engine, repeat: int) -> None:
        self._engine = engine
        self._repeat = repeat
        with self._writing() as session:
            self._organisation: Organisation = organisation.found(session)
            stage = Stage(session, self._organisation)
            self._filling_in, self._in_review = stage.started(), stage.in_review()
            self._largest = stage.largest_section(self._filling_in)
        self._population = Population(self._organisation)

    def visit(self, browsers: Browsers, size: int) -> Iterator[Figure]:
        """Add dossiers up to this number, and measure."""
        before = time.perf_counter()
        with self._writing() as session:
            self._population.grow(session, size)
        self._analyze()
        _say(f"{size} dossiers after {time.perf_counter() - before:.1f} s")
        for figure in self._visit(browsers, size, self._marks()).figures():
            _say(f"  {figure.what}: {figure.p50:.1f} ms, {figure.statements} statements")
            yield figure

    def weight(self, browsers: Browsers) -> Weight:
        """Weigh the largest section."""
        return self._visit(browsers, self._population.count, self._marks()).weigh()

    def _visit(self, browsers: Browsers, size: int, marks: Marks) -> Visit:
        return Visit(browsers, size, self._repeat, marks, self._filling_in, self._in_review, self._largest)

    def reports(self, size: int) -> Figure:
        """Approve some advices, and measure from the job's start in line to the report in the archive."""
        spent = [self._report() for _ in range(JOBS)]
        return Figure.of("Report: from approval to archive", "", size, spent)

    def _report(self) -> Answered:
        with self._writing() as session:
            Stage(session, self._organisation).approved()
        before = time.perf_counter()
        while self._unfinished():
            if time.perf_counter() - before > JOB_SECONDS:
                raise TimeoutError("the report was not made")
            time.sleep(0.02)
        return Answered((time.perf_counter() - before) * 1000, 0, 0, 0, 0)

    def _unfinished(self) -> bool:
        with Session(self._engine) as session:
            if session.scalar(select(func.count()).where(Job.status == JobStatus.DEAD)):
                raise RuntimeError(session.scalar(select(Job.last_error).where(Job.status == JobStatus.DEAD)))
            return bool(session.scalar(select(func.count()).where(Job.status != JobStatus.DONE)))

    def _marks(self) -> Marks:
        """Find the rows from which deep pages start."""
        with Session(self._engine) as session:
            ids = session.scalars(select(Dossier.id).order_by(Dossier.id.desc())).all()
            handed_in = session.execute(
                select(Dossier.id, Dossier.submitted_at)
                .where(
                    Dossier.submitted_at.is_not(None),
                    Dossier.committee_id == self._organisation.committees[0],
                )
                .order_by(Dossier.submitted_at.desc(), Dossier.id.desc()),
            ).all()
        team = ids[int(len(ids) * DEPTH)]
        last = handed_in[int(len(handed_in) * DEPTH) - 1]
        return Marks(
            urlencode({"na": team}), urlencode({"na": last.id, "sinds": last.submitted_at.isoformat()})
        )

    def _analyze(self) -> None:
        """Do what PostgreSQL's housekeeping does by itself within a minute; SQLite has none."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._engine) as session, db.writing(session, self._engine):
            yield session


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
