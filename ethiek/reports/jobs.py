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
from ethiek.reports.source import BundleSource, ConceptSource, ReportSource

Source = ReportSource | ConceptSource | BundleSource | PublicSource
KINDS: Final[MappingProxyType[str, type[Source]]] = MappingProxyType(
    {"advice": ReportSource, "concept": ConceptSource, "bundle": BundleSource, "public": PublicSource}
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
        made = KINDS[values.pop("kind")]
        if "report" in values:
            values["report"] = ReportSource(**_of_values(values["report"]))
        return made(**_of_values(values))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RenderError("the job is not a report source") from error


def _of_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a source, with those that JSON writes otherwise."""
    if "house" in values:
        values["house"] = House(**values["house"])
    if "dossiers" in values:
        values["dossiers"] = tuple(map(tuple, values["dossiers"]))
    return values


def _encoded(value: bytes) -> dict[str, str]:
    return {BYTES: base64.b64encode(value).decode()}


def _decoded(value: dict[str, Any]) -> Any:
    if value.keys() == {BYTES}:
        return base64.b64decode(value[BYTES], validate=True)
    return value
