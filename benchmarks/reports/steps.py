"""One report from source to archive, with the time of every step; counted outside the product.

This module is imported in a process of its own, so that the first report there is a cold one.
"""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pikepdf
import weasyprint

from benchmarks.reports.document import a_report_of
from ethiek.reports.archive import Archive
from ethiek.reports.gate import breaches
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.pki import ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource, digest
from ethiek.reports.verify import judge

PLAIN_PAGE: Final = weasyprint.HTML
PLAIN_SHEET: Final = weasyprint.CSS


@dataclass
class Run:
    """Seconds of processor time per step, and of the plain rendering of the same page."""

    seconds: dict[str, float] = field(default_factory=dict)
    floor: float = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        before = time.process_time()
        yield
        self.seconds[name] = time.process_time() - before


@dataclass
class Measured:
    """All runs of one size; the first is cold. ``memory``: peak of the process, in MB."""

    pages: int
    size: int
    imports: float
    runs: list[Run]
    memory: float


class _Sheet(weasyprint.CSS):  # type: ignore[misc]  # WeasyPrint is not typed
    """Reads a style sheet as always, and notes when it began, and what it was given."""

    last: _Sheet

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.began, self.given = time.process_time(), options
        _Sheet.last = self
        super().__init__(*arguments, **options)


class _Watched(weasyprint.HTML):  # type: ignore[misc]  # WeasyPrint is not typed
    """Writes as always, and notes when it began, what the finisher took, when it was done, and what it was given."""

    last: _Watched

    def __init__(self, **page: Any) -> None:
        self.page = page
        super().__init__(**page)

    def write_pdf(self, target: Any = None, **options: Any) -> Any:
        finisher, self.given, self.finishing = options["finisher"], options, 0.0

        def finish(*arguments: Any) -> None:
            before = time.process_time()
            finisher(*arguments)
            self.finishing = time.process_time() - before

        self.began = time.process_time()
        output = super().write_pdf(target, **{**options, "finisher": finish})
        self.ended = time.process_time()
        _Watched.last = self
        return output

    def write_plainly(self) -> None:
        """Read the same page and style sheet, and write an ordinary PDF: no tags, no standard, no attachments."""
        sheet = PLAIN_SHEET(**_Sheet.last.given)
        PLAIN_PAGE(**self.page).write_pdf(
            stylesheets=[sheet],
            font_config=self.given["font_config"],
            presentational_hints=self.given["presentational_hints"],
        )


def measure(pages: int, times: int, folder: Path, imports: float) -> Measured:
    """Make the same report some times, in this process."""
    weasyprint.HTML, weasyprint.CSS = _Watched, _Sheet
    source = a_report_of(pages)
    signer = Pkcs12Signer.of_test_pki(ensure_test_pki(folder / "pki"))
    root = (folder / "pki" / "root.pem").read_bytes()
    runs = []
    for _ in range(times):
        run, sealed = one(source, signer, root, Archive(folder / "archive"))
        run.floor = _timed(_Watched.last.write_plainly)
        runs.append(run)
    with pikepdf.open(io.BytesIO(sealed)) as document:
        printed = len(document.pages)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(printed, len(sealed), imports, runs, memory)


def one(source: ReportSource, signer: Pkcs12Signer, root: bytes, archive: Archive) -> tuple[Run, bytes]:
    """Make, check and keep one report."""
    run = Run()
    pdf = _rendered(source, run)
    with run.step("gate"):
        before = breaches(pdf)
    with run.step("seal"):
        sealed = signer.seal(pdf, reason="Advies", at=datetime.now(UTC))
    with run.step("gate again"):
        after = breaches(sealed, passed=pdf)
    with run.step("verify"):
        result = judge(digest(sealed), inspect_anything(sealed, [root]))
    with run.step("archive"):
        archive.put(sealed)
    if before or after or not result.ok:
        raise RuntimeError(f"this report is not right: {before} {after} {result.failures()}")
    return run, sealed


def _rendered(source: ReportSource, run: Run) -> bytes:
    start = time.process_time()
    pdf = render(source)
    end, watched = time.process_time(), _Watched.last
    run.seconds["fill in"] = _Sheet.last.began - start
    run.seconds["read"] = watched.began - _Sheet.last.began
    run.seconds["render"] = watched.ended - watched.began - watched.finishing
    run.seconds["finish"] = watched.finishing
    run.seconds["repack"] = end - watched.ended
    return pdf


def _timed(action: Callable[[], None]) -> float:
    before = time.process_time()
    action()
    return time.process_time() - before
