from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from ethiek import db
from ethiek.db.gate import WriteGate, gate_of
from ethiek.errors import ServiceUnavailableError

WRITER = textwrap.dedent("""
    import sys
    from sqlalchemy import text
    from sqlalchemy.orm import Session
    from ethiek import db

    engine = db.make_engine(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        with Session(engine) as session, db.writing(session, engine):
            n = session.scalar(text("SELECT n FROM counter"))
            session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
""")

HOLDER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from ethiek.db.gate import gate_of

    with gate_of(Path(sys.argv[1])).held():
        print("held", flush=True)
        time.sleep(60)
""")


def run(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing_and_all_get_their_turn(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ethiek.db"
    engine = db.make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    writers = [run(WRITER, url, "40") for _ in range(3)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT n FROM counter")) == 120
    engine.dispose()


def test_gate_of_another_process_is_waited_for_and_free_when_it_dies(tmp_path: Path) -> None:
    database = tmp_path / "ethiek.db"
    holder = run(HOLDER, str(database))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    gate = gate_of(database)
    with pytest.raises(ServiceUnavailableError) as caught, gate.held(wait=0.1):
        pass
    assert caught.value.reason == "write gate: busy in another process"

    holder.kill()
    holder.communicate()
    with gate.held(wait=1):
        assert gate.path == tmp_path / "ethiek.db.gate"


def test_gate_without_a_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailableError), gate_of(tmp_path / "gone" / "ethiek.db").held():
        pass


def test_gate_is_the_same_for_every_way_to_write_the_name(tmp_path: Path) -> None:
    assert gate_of(tmp_path / "x" / ".." / "ethiek.db") is gate_of(tmp_path / "ethiek.db")


def test_gate_held_by_a_thread_that_forks_is_not_held_by_the_child(tmp_path: Path) -> None:
    gate = gate_of(tmp_path / "ethiek.db")
    held, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.held():
            held.set()
            leave.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:  # the parent's lock on the file still counts, its thread lock does not
        try:
            with gate_of(tmp_path / "ethiek.db").held(wait=0.1):
                os._exit(1)
        except ServiceUnavailableError as error:
            os._exit(0 if error.reason == "write gate: busy in another process" else 2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    leave.set()
    thread.join()


def test_gate_is_taken_by_one_thread_at_a_time(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "ethiek.db")
    inside, most = 0, 0

    def enter() -> None:
        nonlocal inside, most
        with gate.held():
            inside += 1
            most = max(most, inside)
            time.sleep(0.005)
            inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)
