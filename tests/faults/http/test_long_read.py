from __future__ import annotations

import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from ethiek.services import audit
from tests.conftest import only_sqlite
from tests.faults.http.conftest import Tell
from tests.faults.http.person import Person
from tests.faults.http.saving import check_kept, save_together
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults


@only_sqlite
def test_saving_goes_on_while_somebody_reads_for_long(
    site: Site, everybody: list[Person], dossier_id: UUID, tell: Tell
) -> None:
    log = Path(f"{make_url(site.database_url).database}-wal")
    sizes, lengths = [], set()

    def read(deadline: float) -> None:
        """Verify the whole chain again and again, in one transaction."""
        with site.reading() as session:
            while time.monotonic() < deadline:
                lengths.add(audit.verify_chain(session).events)
                sizes.append(log.stat().st_size)

    load = save_together(everybody, dossier_id, 5, read)
    tell(f"sqlite, a long read beside it, log at most {max(sizes) / 2**20:.1f} MiB: {load}")
    assert len(lengths) == 1  # one view of the database, all the time
    assert set(load.statuses) == {200, 409}
    assert load.statuses[200] > 0
    assert max(sizes) < 64 * 2**20
    check_kept(site, dossier_id, load)
