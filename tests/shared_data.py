"""Files of others that tests read where they are; they are no part of this repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(
    os.environ.get("ETHIEK_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
"""Set ETHIEK_SHARED_DATA when the files are elsewhere than beside the repository."""


def shared_file(name: str) -> bytes:
    """Return a file's bytes; without the folder, the test is skipped."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {FOLDER}; ETHIEK_SHARED_DATA says where")
    return path.read_bytes()
