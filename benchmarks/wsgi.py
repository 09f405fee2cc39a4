"""The real application; with ``ETHIEK_BENCHMARK=1`` each answer says what it cost."""

from __future__ import annotations

import os

from benchmarks.meter import metered
from ethiek.app import create_app

app = create_app()
if os.environ.get("ETHIEK_BENCHMARK") == "1":
    app.wsgi_app = metered(app.wsgi_app)  # type: ignore[assignment,method-assign]
