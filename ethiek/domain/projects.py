"""What kind of project a dossier is about, and how far the project is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ProjectKind(StrEnum):
    """What is to be used."""

    ALGORITHM = "algorithm"
    AI_SYSTEM = "ai_system"
    SENSOR = "sensor"
    DATA_PROJECT = "data_project"


class Phase(StrEnum):
    """Where the project is in its own life."""

    IDEA = "idea"
    DESIGN = "design"
    PILOT = "pilot"
    IN_USE = "in_use"
    CHANGE = "change"


LABELS: Final = {
    ProjectKind.ALGORITHM: "Algoritme",
    ProjectKind.AI_SYSTEM: "AI-systeem",
    ProjectKind.SENSOR: "Sensor",
    ProjectKind.DATA_PROJECT: "Dataproject",
    Phase.IDEA: "Idee",
    Phase.DESIGN: "Ontwerp",
    Phase.PILOT: "Proef",
    Phase.IN_USE: "In gebruik",
    Phase.CHANGE: "Wijziging",
}
"""How they are called in documents, which are Dutch (in the interface they pass through gettext)."""
