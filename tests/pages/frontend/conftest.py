"""A small application around the templates: real Flask, Jinja, WTForms and Babel, and no rules of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_login import LoginManager, UserMixin, login_user
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from ethiek.web import languages, typed

ROOT = Path(__file__).parents[3]
LINKS = {
    "home": "/",
    "login": "/inloggen",
    "logout": "/uitloggen",
    "account": "/account",
    "language": "/taal",
    "accessibility": "/toegankelijkheid",
    "privacy": "/privacy",
    "check": "/controle",
}

Render = Callable[..., str]


class Noor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    id = "1"
    name = "Noor de Vries"


def create_app() -> Flask:
    """An application with what base.html expects of the real one."""
    package = ROOT / "ethiek"
    app = Flask(__name__, template_folder=package / "templates", static_folder=package / "static")
    app.config.update(SECRET_KEY="only for tests", BABEL_DEFAULT_LOCALE="en")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["asset"] = lambda path: f"/static/{path}?v=1"
    typed.init_app(app)
    languages.init_app(app)
    Babel(app)
    CSRFProtect(app)
    LoginManager(app).user_loader(lambda _id: Noor())

    @app.context_processor
    def frame() -> dict[str, object]:
        navigation = [SimpleNamespace(label="Dossiers", url="/dossiers", current=True)]
        return {
            "navigation": navigation,
            "links": LINKS,
            "organisation": "Provincie Voorbeeld",
            "demo_mode": True,
            "locale": "nl",
        }

    return app


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app()


@pytest.fixture(scope="session")
def app_factory() -> Callable[[], Flask]:
    """For a test that adds its own pages."""
    return create_app


@pytest.fixture
def render(app: Flask) -> Iterator[Render]:
    """Render a template source, as Noor, inside a request."""
    with app.test_request_context("/dossiers?jaar=2026"):
        login_user(Noor())
        yield render_template_string


@pytest.fixture
def parse() -> Callable[[str], Element]:
    """Parse a fragment strictly: an error in the markup is an error of the test."""

    def parse_fragment(html: str) -> Element:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        root = parser.parseFragment(html)
        assert isinstance(root, Element)
        return root

    return parse_fragment
