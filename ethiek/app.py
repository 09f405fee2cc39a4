"""``create_app`` joins the rooms; settings are read and checked once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from flask import Flask, url_for
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import ConfigurationError
from ethiek.questionnaires.catalogue import shipped_sums
from ethiek.questionnaires.model import Level
from ethiek.services import questionnaires as published
from ethiek.web import (
    accounts,
    advice,
    archive,
    attachments,
    committee,
    concepts,
    decisions,
    dossiers,
    draft_elements,
    drafts,
    errors,
    exchange,
    exporting,
    gatherings,
    pages,
    personal,
    prefill,
    previewing,
    previews,
    publishing,
    questionnaires,
    questions,
    recusals,
    report_status,
    rounds,
    security,
    session_interface,
    set_labels,
    static_files,
    texts,
    typed,
    verification,
    versions,
    word_lists,
)

MAX_BODY: Final = 4 * 1024 * 1024
"""Bytes in a request: a whole page of long answers fits, a file does not."""

MAX_FIELDS: Final = 4000
"""Form fields in a request: the largest page of questions has some hundreds."""

BLUEPRINTS: Final = (
    pages,
    accounts,
    dossiers,
    versions,
    exporting,
    prefill,
    questions,
    attachments,
    gatherings,
    rounds,
    committee,
    concepts,
    recusals,
    advice,
    previewing,
    report_status,
    publishing,
    decisions,
    verification,
    archive,
    questionnaires,
    drafts,
    draft_elements,
    previews,
    exchange,
    personal,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application.

    Args:
        settings: None reads them from the environment and the instance folder (``ETHIEK_INSTANCE``, ./instance).

    Raises:
        ConfigurationError: a setting is missing or unsafe, the front end was not built, or a published question
            set is not what it was.
        QuestionnaireError: a list of words of the organisation is not valid.
        ServiceUnavailableError: the database does not answer.
    """
    settings = settings or Settings.from_env(instance_folder())
    app = Flask("ethiek", instance_path=str(settings.instance.resolve()))
    app.extensions["settings"] = settings
    _configure(app, settings)
    db.init_app(app, settings.database_url, threads=settings.threads)
    _check_question_sets(app, settings)
    session_interface.install(app, secure=settings.secure_cookie)
    security.init_app(app)
    errors.init_app(app)
    texts.init_app(app, settings.default_locale)
    typed.init_app(app)
    word_lists.init_app(app, settings.words_folder)
    app.jinja_env.globals.update(field_label=set_labels.field_label)
    for module in BLUEPRINTS:
        app.register_blueprint(module.bp)
    static_files.install(app)
    security.check_routes(app)
    _prepare_templates(app, settings)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _check_question_sets(app: Flask, settings: Settings) -> None:
    """Look whether what was published is still the same; before the first upgrade there is nothing to look at."""
    if db.current_revision(settings.database_url) is None:
        return
    with app.app_context():
        try:
            with db.reading() as session:
                published.check_content(session, shipped_sums())
        finally:
            db.db.session.remove()
            db.db.engine.dispose()  # nothing is open when the server makes its workers by forking


def instance_folder() -> Path:
    """Return the folder with database, archive and keys."""
    return Path(os.environ.get("ETHIEK_INSTANCE", "instance"))


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=MAX_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # there is no Referer: our own policy says no-referrer
        BABEL_DEFAULT_LOCALE=settings.default_locale,
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )


def _prepare_templates(app: Flask, settings: Settings) -> None:
    stamp = _static_stamp(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def asset(path: str) -> str:
        """Return the address of a static file, with a stamp that changes when the files do."""
        return url_for("static", filename=path, v=stamp)

    app.jinja_env.globals.update(
        asset=asset,
        organisation=settings.organisation,
        demo_mode=settings.demo,
        may=security.may,
        levels=tuple(Level),
    )


def _static_stamp(app: Flask) -> str:
    """Return a stamp over the built and our own static files.

    Raises:
        ConfigurationError: the front end was not built.
    """
    folder = Path(app.static_folder or "")
    stamp = folder / "vendor" / ".stamp"
    if not stamp.is_file():
        raise ConfigurationError("static/vendor", "was not built: run python hatch_build.py")
    own = sorted(
        file for kind in ("css", "js", "img") for file in (folder / kind).rglob("*") if file.is_file()
    )
    contents = hashlib.sha256(stamp.read_bytes())
    for file in own:
        contents.update(file.read_bytes())
    return contents.hexdigest()[:12]
