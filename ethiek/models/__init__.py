"""All tables: importing this room fills ``Base.metadata``."""

from ethiek.models import (
    advice,
    archive,
    attachments,
    audit,
    carried,
    decisions,
    dossiers,
    gatherings,
    jobs,
    public,
    questionnaires,
    reviews,
    sessions,
    signing,
    users,
)
from ethiek.models.base import Base

__all__ = [
    "Base",
    "advice",
    "archive",
    "attachments",
    "audit",
    "carried",
    "decisions",
    "dossiers",
    "gatherings",
    "jobs",
    "public",
    "questionnaires",
    "reviews",
    "sessions",
    "signing",
    "users",
]
