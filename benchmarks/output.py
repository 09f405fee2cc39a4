"""Results for people (Markdown) and for machines (JSON)."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from benchmarks.figures import PEER_WEIGHT, TARGET_MS, Figure
from benchmarks.run import Result
from benchmarks.weight import Weight

COLUMNS: Final = (
    "dossiers",
    "p50 ms",
    "p95 ms",
    "first ms",
    "processor ms",
    "statements",
    "kB",
    "kB gzip",
    "of best peer",
    "growth",
)


def machine() -> dict[str, object]:
    """Describe what was measured on, as far as it matters."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def as_json(results: Iterable[Result]) -> str:
    """Return everything that was measured."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "results": [asdict(result) for result in results],
    }
    return json.dumps(content, indent=1) + "\n"


def as_tables(results: Iterable[Result]) -> str:
    """Return Markdown: a table per database, and what a page weighs."""
    return "\n\n".join(_of_database(result) for result in results)


def _of_database(result: Result) -> str:
    lines = [
        f"### {result.database} {result.version}",
        "",
        f"| | {' | '.join(COLUMNS)} | |",
        f"|---|{'--:|' * len(COLUMNS)}---|",
    ]
    figures = sorted(result.figures, key=_order(result.figures))
    for _what, group in groupby(figures, key=lambda figure: figure.what):
        rows = list(group)
        lines += [_row(figure, rows[0]) for figure in rows]
    if result.weight:
        lines += ["", _weighed(result.weight)]
    return "\n".join(lines)


def _weighed(weight: Weight) -> str:
    parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weight.kinds.items())
    return (
        f"First visit to the largest section: {weight.total / 1000:.1f} kB in {weight.files} files ({parts}); "
        f"{weight.total / PEER_WEIGHT:.0%} of the heaviest peer."
    )


def _order(figures: Iterable[Figure]) -> Callable[[Figure], tuple[int, int]]:
    places = {name: index for index, name in enumerate(dict.fromkeys(figure.what for figure in figures))}
    return lambda figure: (places[figure.what], figure.dossiers)


def _row(figure: Figure, smallest: Figure) -> str:
    peer = f"{figure.of_peer:.0%}" if figure.of_peer is not None else ""
    growth = f"×{figure.p50 / smallest.p50:.1f}" if figure is not smallest else ""
    target = TARGET_MS.get(figure.kind)
    verdict = "" if target is None else "ok" if figure.p50 < target else f"over {target:.0f}"
    cells = (
        figure.what,
        f"{figure.dossiers:,}",
        f"{figure.p50:.1f}",
        f"{figure.p95:.1f}",
        f"{figure.first:.0f}",
        f"{figure.processor:.1f}" if figure.processor else "",
        str(figure.statements or ""),
        _kilo(figure.body),
        _kilo(figure.compressed),
        peer,
        growth,
        verdict,
    )
    return f"| {' | '.join(cells)} |"


def _kilo(size: int) -> str:
    return f"{size / 1000:.1f}" if size else ""
