"""All tables: importing this room fills ``Base.metadata``."""

from ethiek.models import jobs, sessions
from ethiek.models.base import Base

__all__ = ["Base", "jobs", "sessions"]
