"""Answers that came from somewhere else: another version, another dossier, a file. They ask to be confirmed."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a carried answer came from."""

    MIGRATION = "migration"
    """The same dossier, under another version of the question set."""
    DOSSIER = "dossier"
    """Another dossier (NL: voorinvullen)."""
    FILE = "file"
    """A file that was brought in."""


class CarriedState(StrEnum):
    """What became of a carried answer."""

    PENDING = "pending"
    """It was filled in at its new place and waits for the team to confirm it (NL: opnieuw bevestigen)."""
    CONFIRMED = "confirmed"
    """Somebody confirmed it, or wrote another answer in its place."""
    FITTED = "fitted"
    """The question is the same: nothing to confirm."""
    UNPLACED = "unplaced"
    """No question of this version asks for it; it stays readable under "eerdere antwoorden"."""
    NOT_USED = "not_used"
    """There was an answer already, which was not touched; it stays readable beside it."""
