"""Commands that run something: the server, the worker, the demonstration, the migrations."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event
from typing import Final

import click

from ethiek import db, demo, work, worker
from ethiek.cli import server
from ethiek.cli.context import as_json, database, settings, show_json
from ethiek.questionnaires.words import load_words
from ethiek.reports.child_process import prepared
from ethiek.reports.isolated import CHILDREN

PORT: Final = click.IntRange(1, 65535)
LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Server processes.")
@click.option("--with-worker", is_flag=True, help="Run a worker for signing beside the server.")
def serve(host: str, port: int, workers: int, *, with_worker: bool) -> None:
    """Serve the application, behind a reverse proxy that does TLS.

    Threads per process are a setting: ETHIEK_THREADS.
    """
    chosen = settings()
    with database(chosen):  # say in one sentence what is wrong, before there are several processes to say it
        load_words(chosen.words_folder)
    server.run(server.Choices(host, port, workers, chosen.threads, with_worker=with_worker))


@click.command("worker")
def run_worker() -> None:
    """Do the jobs: render and sign reports. SIGTERM ends it after the present job, or gives that job back."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stop = Event()
    worker.stop_on_signals(stop)
    with database() as app, prepared(CHILDREN):
        worker.run_worker(app, work.handlers(app), stop, tidy=work.tidy_up)


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the story.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the results go.")
@click.option("--port", type=PORT, default=8000, show_default=True)
def demonstrate(out: Path | None, port: int, *, no_serve: bool) -> None:
    """Make a demonstration organisation, play the whole story to a signed report, and serve it.

    It lives in the folder "demo" of the instance folder, and starts anew each time.
    """
    if not no_serve:
        server.check_free("127.0.0.1", port)
    demonstration = demo.run(demo.folder(), out, click.echo)
    if no_serve:
        return
    demo.enter(demonstration)
    click.echo(f"\nOpen http://127.0.0.1:{port}/ – stop with Ctrl-C.\n")
    server.run(server.Choices("127.0.0.1", port, 2, settings().threads, with_worker=True))


@click.group("db")
def database_group() -> None:
    """The database."""


@database_group.command("upgrade")
@as_json
def upgrade(*, machine: bool) -> None:
    """Bring the tables up to this version of Ethiek: all steps, or none."""
    chosen = settings()
    chosen.instance.mkdir(parents=True, exist_ok=True)
    before = db.current_revision(chosen.database_url)
    db.upgrade(chosen.database_url)
    after = db.current_revision(chosen.database_url)
    if machine:
        show_json({"before": before, "after": after})
        return
    click.echo(f"The tables were at {before or 'nothing'} and are at {after} now.")


COMMANDS: Final = (demonstrate, serve, run_worker, database_group)
