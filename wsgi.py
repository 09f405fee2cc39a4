"""The WSGI entry point: ``gunicorn wsgi:app`` or ``ethiek serve``."""

from ethiek.app import create_app

app = create_app()
