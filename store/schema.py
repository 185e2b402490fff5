"""The schema: every table in one place for Alembic, and the upgrade that each process may ask for at its start."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import store.agreements
import store.alerts
import store.articles
import store.clocks
import store.corrections
import store.findings
import store.health
import store.interests
import store.keys
import store.people
import store.sources
import store.statements
import store.subscriptions
import store.versions  # noqa: F401  (each import registers its tables)
from store.database import Database

METADATA = SQLModel.metadata
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision. Processes that start together wait for each other."""
    with database.writing(lock="migrate") as session:
        command.upgrade(_config(session.connection()), "head")


def differences(database: Database) -> list[object]:
    """What the models have that the database lacks, or the reverse; empty when the migrations are complete."""
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def new_revision(database: Database, message: str) -> None:
    """Write a migration from the difference between the models and an up-to-date database (for developers)."""
    with database.writing() as session:
        command.revision(_config(session.connection()), message=message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
