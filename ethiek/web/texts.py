"""Language, dates, and what every page shows: menu and links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask import Flask, request, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from ethiek.domain.actors import COMMITTEE_ROLES, Role
from ethiek.domain.attachments import label_of_type
from ethiek.questionnaires.model import Questionnaire
from ethiek.services.versions import label_of
from ethiek.web import labels, languages
from ethiek.web.attachment_labels import spoken_size
from ethiek.web.signing_labels import signing_reason

LOCALES: Final = ("nl", "en")
babel = Babel()


def init_app(app: Flask, default_locale: str) -> None:
    """Give templates their language, filters and frame."""

    def select() -> str:
        return chosen_locale(default_locale)

    babel.init_app(app, locale_selector=select)
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        label=label,
        version_name=version_name,
        signing_reason=signing_reason,
        file_size=spoken_size,
        file_type=label_of_type,
    )
    languages.init_app(app)
    app.context_processor(_frame)


def chosen_locale(default: str) -> str:
    """Return the language of this request: chosen in this session, or the account's, or the default."""
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.account.locale)
    return default


def moment(value: datetime | None) -> str:
    """Return a moment as read in the Netherlands: "22 november 2026, 11:05"."""
    pattern = "d MMMM yyyy, HH:mm"
    return format_datetime(value, pattern) if value else ""


def clock_time(value: datetime | None) -> str:
    """Return the time of day: "11:05"."""
    return format_datetime(value, "HH:mm") if value else ""


def day(value: date | None) -> str:
    """Return a date: "22 november 2026"."""
    return format_date(value, "d MMMM yyyy") if value else ""


def version_name(questionnaire: Questionnaire) -> str:
    """Return what people call a version, marked with its language."""
    return languages.spoken(label_of(questionnaire), questionnaire.language)


_LABELS: Final = {
    str(type(key).__name__): table
    for table in (
        labels.STATUS,
        labels.VERDICT,
        labels.KIND,
        labels.PHASE,
        labels.ROLE,
        labels.LEVEL,
        labels.SHORTAGE,
    )
    for key in list(table)[:1]
}


def label(value: object) -> str:
    """Return what a status, verdict, kind, phase, role, level or shortage is called."""
    return str(_LABELS[type(value).__name__][value])  # type: ignore[index]  # chosen by the type of the value


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One item of the main menu."""

    label: str
    url: str
    current: bool


def _menu() -> Iterator[tuple[str, str]]:
    actor = current_user.actor
    if not actor.all_roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
        yield _("My dossiers"), "dossiers.index"
    if actor.all_roles & COMMITTEE_ROLES:
        yield _("Committee"), "committee.index"
    if Role.OFFICIAL in actor.all_roles:
        yield _("Decisions"), "decisions.index"
    if Role.AUDITOR in actor.all_roles:
        yield _("Archive"), "archive.index"
    if Role.CONTENT_OWNER in actor.all_roles:
        yield _("Question sets"), "questionnaires.index"
    yield _("Instruments"), "pages.instruments"


def _is_here(endpoint: str) -> bool:
    """Tell whether the page belongs under this item of the menu."""
    here = request.endpoint or ""
    blueprint = here.partition(".")[0]
    if blueprint == "pages":
        return endpoint == here
    return endpoint.partition(".")[0] == _UNDER.get(blueprint, blueprint)


_UNDER: Final = {
    "questions": "dossiers",
    "attachments": "dossiers",
    "recusals": "committee",
    "gatherings": "dossiers",
    "drafts": "questionnaires",
    "exchange": "questionnaires",
    "draft_elements": "questionnaires",
    "previews": "questionnaires",
}
"""Blueprints whose pages belong under the menu item of another."""


def _frame() -> dict[str, object]:
    """What ``base.html`` needs on every page."""
    menu = []
    if current_user.is_authenticated:
        menu = [MenuItem(text, url_for(endpoint), _is_here(endpoint)) for text, endpoint in _menu()]
    links = {
        "home": url_for("pages.home"),
        "login": url_for("accounts.login"),
        "logout": url_for("accounts.logout"),
        "account": url_for("accounts.own"),
        "language": url_for("accounts.language"),
        "accessibility": url_for("pages.accessibility"),
        "privacy": url_for("pages.privacy"),
        "check": url_for("verification.upload"),
    }
    return {"navigation": menu, "links": links, "locale": str(get_locale())}
