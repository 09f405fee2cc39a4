"""The command: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.databases import KINDS
from benchmarks.output import as_json, as_tables
from benchmarks.run import measure


def main() -> None:
    """Measure, print tables, and write the figures."""
    chosen = _arguments()
    databases = list(KINDS) if chosen.database == "both" else [chosen.database]
    sizes = tuple(int(size) for size in chosen.sizes.split(","))
    results = []
    for database in databases:
        print(f"{database}:", file=sys.stderr)
        results.append(measure(database, sizes, chosen.repeat))
    print(as_tables(results))
    if chosen.out:
        chosen.out.write_text(as_json(results), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measure how fast Ethiek answers.")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--sizes", default="10,1000,100000", help="numbers of dossiers, increasing")
    parser.add_argument("--repeat", type=int, default=50, help="times that each request is measured")
    parser.add_argument("--out", type=Path, help="a file for the figures, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
