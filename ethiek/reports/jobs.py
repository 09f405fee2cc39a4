"""What is to be rendered, as one line of JSON to the process that does it, and back."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from ethiek.errors import RenderError
from ethiek.reports.house import House
from ethiek.reports.public_source import PublicSource
from ethiek.reports.source import BundleSource, ConceptSource, FullSource, HandedIn, ReportSource

Source = ReportSource | ConceptSource | BundleSource | FullSource | PublicSource
KINDS: Final[MappingProxyType[str, type[Source]]] = MappingProxyType(
    {
        "advice": ReportSource,
        "concept": ConceptSource,
        "bundle": BundleSource,
        "full": FullSource,
        "public": PublicSource,
    }
)
BYTES: Final = "base64"
"""The one member of the object that stands for a byte string."""


def job_of(source: Source) -> bytes:
    """The job as it goes to the child."""
    kind = next(name for name, made in KINDS.items() if isinstance(source, made))
    return json.dumps({"kind": kind, **asdict(source)}, default=_encoded).encode()


def source_of(job: bytes) -> Source:
    """The same job, read back.

    Raises:
        RenderError: it is not a job.
    """
    try:
        values = json.loads(job, object_hook=_decoded)
        return KINDS[values.pop("kind")](**{name: _member(name, value) for name, value in values.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RenderError("the job is not a report source") from error


def _member(name: str, value: Any) -> Any:
    """A member of a source that JSON has no type for, as it was."""
    if name == "house":
        return House(**value)
    if name == "dossiers":
        return tuple(map(tuple, value))
    if name == "rounds":
        return tuple(HandedIn(**one) for one in value)
    if name in {"advice", "report"} and isinstance(value, dict):
        return ReportSource(**{inner: _member(inner, given) for inner, given in value.items()})
    return value


def _encoded(value: bytes) -> dict[str, str]:
    return {BYTES: base64.b64encode(value).decode()}


def _decoded(value: dict[str, Any]) -> Any:
    if value.keys() == {BYTES}:
        return base64.b64decode(value[BYTES], validate=True)
    return value
