"""What a public copy is made from: the documents of a signed report, and what is to be left out of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import rfc8785

from ethiek.domain.redactions import Redaction, check_redaction
from ethiek.errors import InputError, RenderError
from ethiek.reports.source import ReportSource

REDACTIONS: Final = "ethiek-redactions/1"


@dataclass(frozen=True, slots=True)
class PublicSource:
    """``redactions``: canonical JSON, which stays inside. ``version``, ``adopted_at``: 0 and empty for a preview."""

    report: ReportSource
    redactions: bytes
    version: int = 0
    adopted_at: str = ""


def written(advice_sha256: str, redactions: Sequence[Redaction]) -> bytes:
    """Put redactions in canonical JSON, format ``ethiek-redactions/1``; the same ones always give the same bytes."""
    rows = sorted(({**asdict(one)} for one in set(redactions)), key=rfc8785.dumps)
    return rfc8785.dumps({"format": REDACTIONS, "advice_sha256": advice_sha256, "redactions": rows})


def read_redactions(source: PublicSource) -> tuple[Redaction, ...]:
    """Read them back.

    Raises:
        RenderError: these are no redactions, or those of another report.
    """
    try:
        value: Mapping[str, Any] = json.loads(source.redactions)
        found = tuple(Redaction(**row) for row in value["redactions"])
        for one in found:
            check_redaction(one)
    except (ValueError, KeyError, TypeError, AttributeError, InputError) as error:
        raise RenderError("the redactions cannot be read") from error
    named = json.loads(source.report.approvals).get("advice_sha256")
    if (value.get("format"), value.get("advice_sha256")) != (REDACTIONS, named):
        raise RenderError("the redactions are of another format, or of another report")
    return found
