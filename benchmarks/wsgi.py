"""The real application; with ``ETHIEK_BENCHMARK=1`` each answer says how many statements it took."""

from __future__ import annotations

import os

from benchmarks.statements import counting
from ethiek.app import create_app

app = create_app()
if os.environ.get("ETHIEK_BENCHMARK") == "1":
    app.wsgi_app = counting(app.wsgi_app)  # type: ignore[method-assign]
