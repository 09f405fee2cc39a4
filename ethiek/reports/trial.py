"""A trial render at submission finds what cannot be printed while its authors can still mend it."""

from __future__ import annotations

from typing import Any, Final

import rfc8785

from ethiek.reports.fields import SEAL
from ethiek.reports.levels import Level
from ethiek.reports.source import APPROVALS, ReportSource, digest, language_of

MOMENT: Final = "2000-01-01T00:00:00Z"
NOBODY: Final = "(proef)"


def trial_source(snapshot: bytes, questionnaire: bytes) -> ReportSource:
    """A report about this snapshot with an empty advice. Only for trying: it must never be issued."""
    advice: dict[str, Any] = {
        "format": "ethiek-advice/1",
        "organisation": NOBODY,
        "committee": NOBODY,
        "dossier": {"id": "", "reference": "", "title": ""},
        "round": 1,
        "snapshot_sha256": digest(snapshot),
        "verdict": "out_of_scope",
        "motivation": "",
        "conditions": [],
        "reviews": [],
        "remarks": [],
        "rounds": [],
        "adopted": {"by": NOBODY, "at": MOMENT},
    }
    advice_ = rfc8785.dumps(advice)
    approvals = rfc8785.dumps(
        {
            "format": APPROVALS,
            "signatures": [SEAL.name],
            "level": Level.B_B.value,
            "advice_sha256": digest(advice_),
            "approvals": [{"role": role, "by": NOBODY, "at": MOMENT} for role in ("chair", "secretary")],
        }
    )
    return ReportSource(
        snapshot, advice_, approvals, questionnaire, test_seal=True, language=language_of(questionnaire)
    )
