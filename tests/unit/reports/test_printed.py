from __future__ import annotations

import json
from typing import Any

import pytest

from ethiek.reports.printed import is_printed
from ethiek.reports.render import render
from tests.unit.reports.sources import LOREM, a_source

EVERYTHING = f"""**Belangrijk:** {LOREM}

1. Eerst de *bewaartermijn*;
2. daarna de [afspraken](https://example.org/afspraken?a=1#b) met de leverancier.

- Een bestuurlijk-ambtelijke werkgroep
- مرحبا بالعالم en \U0001f600, <b>geen</b> 100 %

| Wat | Wie |
|---|---|
| Tellen & wegen | Noor |
"""
LONG = "\n\n".join(f"Alinea {number}. {LOREM}" for number in range(60))


@pytest.mark.parametrize("motivation", [EVERYTHING, LONG], ids=["every mark", "over pages"])
def test_advice_is_found_on_its_pages_whatever_is_written_in_it(motivation: str) -> None:
    source = a_source(advice={"motivation": motivation})
    advice, pdf = json.loads(source.advice), render(source)

    assert is_printed(pdf, advice) is True
    for change in (
        {"motivation": motivation + "\n\nMet een zin die er niet stond."},
        {"verdict": "positive"},
        {"verdict": "made_up"},
    ):
        changed: dict[str, Any] = {**advice, **change}
        assert is_printed(pdf, changed) is False
