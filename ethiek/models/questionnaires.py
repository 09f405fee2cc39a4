"""Published question sets, for ever as they were published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ethiek.models.base import Base


class PublishedQuestionnaire(Base):
    """One published version. Triggers refuse every update and delete."""

    __tablename__ = "published_questionnaire"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """For example ``iama/2.0``."""
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    content: Mapped[str]
    """Canonical JSON (RFC 8785) of the whole set; the text that ``sha256`` is the hash of."""
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
