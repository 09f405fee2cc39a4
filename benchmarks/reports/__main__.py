"""The command: ``python -m benchmarks.reports``."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.reports import repeated
from benchmarks.reports.apart import MADE, in_new_process
from benchmarks.reports.proof import Proof, per_level


def main() -> None:
    """Measure, and print tables."""
    chosen = _arguments()
    sizes = [int(size) for size in chosen.pages.split(",")]
    spawn = multiprocessing.get_context("spawn")
    for size in sizes:
        print(f"{size} pages", file=sys.stderr, flush=True)
        with spawn.Pool(1) as pool:
            print("\n".join(_table(pool.apply(in_new_process, (size, chosen.repeat)))), flush=True)
    if chosen.levels:
        print("\n".join(_levels(list(per_level(sizes[0], chosen.repeat)))), flush=True)
    if chosen.children:
        print("\n".join(_children(sizes[0], chosen.repeat)), flush=True)
    if chosen.reports:
        samples = repeated.memory_over(chosen.reports, sizes[0])
        figures = ", ".join(f"{sample:.0f}" for sample in samples)
        print(f"\nMemory of a worker over {chosen.reports} reports, in MB: {figures}.", flush=True)
    if chosen.jobs:
        print(f"\nTwo workers: {repeated.jobs_per_minute(chosen.jobs):.1f} reports per minute.")


def _table(measured: Any) -> Iterator[str]:
    cold, *warm = measured.runs
    warm = warm or [cold]
    yield f"\n### {measured.pages} pages, {measured.size / 1000:.0f} kB, at most {measured.memory:.0f} MB\n"
    yield "| step | cold s | warm s |"
    yield "|---|--:|--:|"
    yield f"| import | {measured.imports:.2f} |  |"
    for name in cold.seconds:
        yield f"| {name} | {cold.seconds[name]:.2f} | {median(run.seconds[name] for run in warm):.2f} |"
    made, all_ = (_ratio(warm, names) for names in (MADE, tuple(cold.seconds)))
    yield f"| **plain WeasyPrint** | {cold.floor:.2f} | {median(run.floor for run in warm):.2f} |"
    yield f"| **made (without gate and verify), of plain** |  | **{made:.2f}** |"
    yield f"| **everything, of plain** |  | **{all_:.2f}** |"


def _levels(proofs: list[Proof]) -> Iterator[str]:
    yield "\n| level | seal ms | verify ms | kB more |"
    yield "|---|--:|--:|--:|"
    for proof in proofs:
        name, size = proof.level.value.upper(), proof.size / 1000
        yield f"| {name} | {proof.sealing:.0f} | {proof.checking:.0f} | {size:.0f} |"


def _children(pages: int, times: int) -> Iterator[str]:
    yield "\n| process that renders | processor s | clock s |"
    yield "|---|--:|--:|"
    for name, (busy, clock) in repeated.in_children(pages, times).items():
        yield f"| {name} | {busy:.2f} | {clock:.2f} |"


def _ratio(runs: list[Any], names: tuple[str, ...]) -> float:
    ratios = [float(sum(run.seconds[name] for name in names) / run.floor) for run in runs]
    return median(ratios)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.reports", description="Measure signed reports.")
    parser.add_argument("--pages", default="25,300", help="sizes of reports")
    parser.add_argument("--repeat", type=int, default=4, help="reports of each size; the first is cold")
    parser.add_argument(
        "--reports", type=int, default=500, help="reports over which memory is watched; 0: none"
    )
    parser.add_argument("--jobs", type=int, default=12, help="reports that two workers make; 0: none")
    parser.add_argument("--no-levels", dest="levels", action="store_false", help="no sealing at each level")
    parser.add_argument("--no-children", dest="children", action="store_false", help="no child processes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
