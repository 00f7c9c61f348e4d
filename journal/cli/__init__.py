"""The ``journal`` command: the names of all commands, and how each of them ends.

0 when it is done, 1 with one clear line on standard error when it is refused, 2 for wrong usage. The commands stand
beside, one file a noun. Work is done by services and jobs; heavy imports stay inside the commands, so that ``--help``
is quick.
"""

from __future__ import annotations

import os
import sys

import click

from journal import __version__, logs
from journal.cli.accounts import account
from journal.cli.database import db
from journal.cli.running import demo, doctor, serve, worker
from journal.cli.terminal import refuse
from journal.cli.transfers import export_journal, import_file, insights
from journal.config import BadSettings
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.messages import sentence


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Tideline")
def commands() -> None:
    """Tideline, a mood journal for the days between ketamine sessions.

    \b
    Example: journal serve --port 8000
    """
    logs.configure(process="command")


for command in (serve, worker, demo, db, doctor, account, import_file, export_journal, insights):
    commands.add_command(command)


def main() -> None:
    """Run the command that was typed, and end the process."""
    os.umask(0o077)  # whatever this process makes is for its owner alone
    try:
        commands(prog_name="journal", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as fault:
        fault.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read along has left, as `head` does; Python would complain about it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except BadSettings as fault:
        refuse("\n".join(fault.faults))
    except RefusedFields as fault:
        refuse("; ".join(sentence(problem) for problem in fault.problems))
    except Refused as fault:
        refuse(sentence(fault))
    except NotFound:
        refuse("There is nothing of that name.")
    except Exception as fault:
        _fail(fault)


def _fail(fault: Exception) -> None:
    """Our own mistake, or a database that is out of reach: its place, and never its text, which can hold anything."""
    import sqlalchemy as sa

    place = f"({type(fault).__name__}, {logs.where(fault)})"
    if isinstance(fault, sa.exc.OperationalError | sa.exc.InterfaceError):
        refuse(f"The database cannot be used just now: it is locked, full or out of reach. {place}")
    refuse(f"Something went wrong on our side, and nothing half-done was kept. {place}")
