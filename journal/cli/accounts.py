"""The commands about people who work here: letting them in, and out again."""

from __future__ import annotations

import click

from journal import clock
from journal.cli.terminal import opened
from journal.domain.errors import Refused


@click.group()
def account() -> None:
    """Let people in who work here, and out again. No command ever shows or sets a password.

    \b
    Example: journal account create-admin erin@example.org
    """


@account.command("create-admin")
@click.argument("email")
def create_admin(email: str) -> None:
    """Add an administrator; prints the one-time link with which they choose their password (72 hours).

    \b
    Example: journal account create-admin erin@example.org
    """
    from journal.services import accounts

    with opened() as (config, database), database.unit_of_work() as db:
        token = accounts.create_admin(db, accounts.read_address(email), now=clock.now())
    _print_link(config.base_url, token)


@account.command("create-provider")
@click.argument("email")
@click.option("--clinic", default="", help="Their clinic, by name; begins it if there is none of that name.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of a clinic that begins.")
@click.option(
    "--kind",
    default="therapist",
    show_default=True,
    type=click.Choice(["therapist", "prescriber"]),
    help="A label for patients; it permits nothing.",
)
@click.option("--name", default="", help="As patients know them; the address until the “@” unless given.")
def create_provider(email: str, clinic: str, zone: str, kind: str, name: str) -> None:
    """Add a provider; prints the one-time link with which they choose their password (72 hours).

    Without --clinic they join the only clinic there is.

    \b
    Example: journal account create-provider bob@example.org --clinic "Riverside Clinic" --name "Bob Hale"
    """
    from journal.services import accounts
    from journal.storage.clinics import Kind

    theirs = accounts.read_address(email)
    with opened() as (config, database), database.unit_of_work() as db:
        _, token = accounts.create_provider(
            db,
            theirs,
            name=name or theirs.split("@", 1)[0],
            kind=Kind(kind),
            clinic=accounts.clinic_named(db, clinic, zone=zone, now=clock.now()),
            now=clock.now(),
            actor_account_id=None,
        )
    _print_link(config.base_url, token)


@account.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close an account: its browsers, links and invitations are dead at the next request.

    \b
    Example: journal account disable bob@example.org
    """
    from journal.services import accounts
    from journal.storage.accounts import account_by_email

    with opened() as (_config, database), database.unit_of_work() as db:
        found = account_by_email(db, email)
        if found is None:
            raise Refused("no_such_account")
        left = accounts.disable(db, found.id, actor_account_id=None, now=clock.now())
        nobody_looks_at = left.name if left else None
    click.echo("Closed.")
    if nobody_looks_at:
        click.echo(
            f"Nobody is named any more who looks at flags at {nobody_looks_at}: patients there are asked the PHQ-8"
            " until an administrator names somebody.",
            err=True,
        )


def _print_link(base_url: str, token: str) -> None:
    click.echo(f"{base_url}/welcome/{token}")
