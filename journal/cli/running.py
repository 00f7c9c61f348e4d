"""The commands that run an installation, or look at whether it could run."""

from __future__ import annotations

import click

from journal import NOT_YET, clock, pdf
from journal.cli.terminal import opened, say_if_watched
from journal.config import BadSettings, Config


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Do not start the reminder worker beside the web.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the web pages, with the reminder worker as its own process beside them.

    \b
    Example: journal serve --host 0.0.0.0 --port 8000 --workers 4
    """
    from journal import serving

    config = Config.from_env(demo_port=port)
    serving.serve(config, host=host, port=port, workers=workers, reminds=not no_worker)


@click.command()
@click.option(
    "--beside", is_flag=True, hidden=True, help="End with the process that began it, as `serve` does."
)
def worker(beside: bool) -> None:
    """Send reminders and tidy up. Run as many as you like; on SQLite, on one machine.

    \b
    Example: journal worker
    """
    from journal.jobs.scheduler import run

    run(Config.from_env(), beside=beside)


@click.command()
def demo() -> None:
    """Fill an empty database with the demo clinic: invented people, dated from today. Needs JOURNAL_DEMO=1.

    A database that holds the demo clinic already stays as it is.

    \b
    Example: journal demo
    """
    from journal.demo import SIGN_INS_FILE, prepare

    config = Config.from_env()
    if not config.demo:
        raise BadSettings(["JOURNAL_DEMO: set it to 1 to fill a database with the demo clinic"])
    say_if_watched("Filling the demo clinic ...")
    filled = prepare(config, now=clock.now())
    click.echo("The demo clinic is filled." if filled else "The demo clinic is here already.")
    click.echo(f"Its sign-ins are in {config.data_dir / SIGN_INS_FILE}.")


@click.command()
def doctor() -> None:
    """Name every unsafe or missing setting; exit 1 if there is any. What only PDFs lack is said, and is no fault.

    \b
    Example: journal doctor
    """
    with opened():
        click.echo("Every setting is as it needs to be.")
    if missing := pdf.lacks():
        click.echo(
            f"Summaries can be printed, but not saved as a PDF ({missing.splitlines()[0]}). On Debian it takes"
            " libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0; from a wheel, tideline[pdf]."
        )
    click.echo(NOT_YET)
