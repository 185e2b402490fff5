"""People whom articles have placed: the side that each speaks for, so that "Paz denied it" is enough in the next article."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from store.types import UtcDateTime

REMEMBERED = timedelta(days=730)       # people leave their offices


class PersonRow(SQLModel, table=True):
    """Somebody with a name, and the side for which they were last heard."""

    __tablename__ = "person"

    key: str = Field(primary_key=True)                     # the name without case and accents (extract.people.fold)
    name: str
    side: str
    last_at: datetime = Field(sa_type=UtcDateTime)


def sides_of_people(session: Session, keys: Collection[str], at: datetime) -> dict[str, str]:
    """The sides of those of the people with these keys who were last heard at most two years before `at`, by key."""
    if not keys:
        return {}
    query = select(PersonRow.key, PersonRow.side).where(col(PersonRow.key).in_(sorted(keys)), col(PersonRow.last_at) >= at - REMEMBERED)
    return dict(session.exec(query).all())


def remember_people(session: Session, heard: Iterable[tuple[str, str, str]], at: datetime) -> None:
    """Keep who spoke for which side at `at`: (key, name, side). What was heard later stands."""
    for key, name, side in sorted(heard):
        known = session.get(PersonRow, key)
        if known is None:
            session.add(PersonRow(key=key, name=name, side=side, last_at=at))
        elif known.last_at <= at:
            known.name, known.side, known.last_at = name, side, at
    session.flush()
