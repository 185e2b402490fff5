"""Heartbeats: each process says when it last did its work, so that health is a fact in the database."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from store.types import UtcDateTime


class Heartbeat(SQLModel, table=True):
    """When a process last finished a piece of its own work."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)                    # crawler | worker | schedule
    at: datetime = Field(sa_type=UtcDateTime)


def beat(session: Session, name: str, now: datetime) -> None:
    """Say that the process `name` did its work at `now`."""
    session.merge(Heartbeat(name=name, at=now))
