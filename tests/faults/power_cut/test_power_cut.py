from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import text

from ethiek import db

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="preloads a library"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler to build the forgetful disk with"),
]

SAVES = 220  # enough for a checkpoint in between

WRITER = textwrap.dedent("""
    import sys
    from sqlalchemy import event, text
    from sqlalchemy.orm import Session
    from ethiek import db

    engine = db.make_engine(f"sqlite:///{sys.argv[1]}/ethiek.db")
    synchronous = f"PRAGMA synchronous = {sys.argv[2]}"
    event.listen(engine, "connect", lambda connection, _: connection.execute(synchronous))
    with Session(engine) as session, db.writing(session, engine):
        session.execute(text("CREATE TABLE save (n INTEGER, body TEXT)"))
    n = 0
    while True:
        n += 1
        with Session(engine) as session, db.writing(session, engine):
            session.execute(text("INSERT INTO save VALUES (:n, hex(randomblob(8000)))"), {"n": n})
        print(n, flush=True)
""")


@pytest.fixture(scope="module")
def shadow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("shadow") / "shadow.so"
    source = Path(__file__).with_name("shadow.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, source], check=True)
    return library


def saves_after_power_cut(shadow: Path, folder: Path, synchronous: str) -> tuple[list[int], list[int]]:
    """The saves that were acknowledged before the power went, and those on disk when it came back."""
    alive, left = folder / "alive", folder / "left"
    alive.mkdir()
    left.mkdir()
    environment = {**os.environ, "LD_PRELOAD": str(shadow), "SHADOW_FROM": str(alive), "SHADOW_TO": str(left)}
    command = [sys.executable, "-c", WRITER, str(alive), synchronous]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(SAVES)]
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout]
    return acknowledged, saves_in(left)


def saves_in(folder: Path) -> list[int]:
    engine = db.make_engine(f"sqlite:///{folder}/ethiek.db")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        exists = connection.scalar(text("SELECT count(*) FROM sqlite_schema WHERE name = 'save'"))
        found = list(connection.scalars(text("SELECT n FROM save ORDER BY n"))) if exists else []
    engine.dispose()
    return found


def test_acknowledged_saves_survive_a_power_cut(shadow: Path, tmp_path: Path) -> None:
    acknowledged, kept = saves_after_power_cut(shadow, tmp_path, "FULL")
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert set(acknowledged) - set(kept) == set()


def test_the_model_of_a_power_cut_would_show_a_loss(shadow: Path, tmp_path: Path) -> None:
    acknowledged, kept = saves_after_power_cut(shadow, tmp_path, "NORMAL")
    assert set(acknowledged) - set(kept) != set()
