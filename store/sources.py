"""Sources: the press offices and outlets that are followed, and when each is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import JSON, Column, ColumnElement, and_, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from store.types import UtcDateTime

UNSEEN = timedelta(hours=6)     # and at least three of its intervals


class Source(SQLModel, table=True):
    """A press office or an outlet that is followed; a press office speaks for its side."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)                      # the catalogue's key, e.g. `us-dhs`
    name: str
    kind: str                                              # press_office | outlet
    side: str | None = None
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    follow: str                                            # feed | sitemap | listing
    url: str
    selector: str | None = None
    timezone: str | None = None                            # of its dates that name none
    interval: int = 900                                    # seconds between two looks
    enabled: bool = True
    etag: str | None = None
    last_modified: str | None = None
    next_check_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # None: at once
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None                             # how the last look ended, by name
    outcome_reason: str | None = None                      # the same in a sentence
    failures: int = 0                                      # looks in a row that failed
    healthy_since: datetime | None = Field(default=None, sa_type=UtcDateTime)    # the first look since which none failed


class CatalogueEntry(Protocol):
    """What a catalogue says of one source; any object with these values will do."""

    @property
    def id(self) -> str: ...                # noqa: D102 (a column's name)
    @property
    def name(self) -> str: ...              # noqa: D102
    @property
    def kind(self) -> str: ...              # noqa: D102
    @property
    def side(self) -> str | None: ...       # noqa: D102
    @property
    def languages(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def follow(self) -> str: ...            # noqa: D102
    @property
    def url(self) -> str: ...               # noqa: D102
    @property
    def selector(self) -> str | None: ...   # noqa: D102
    @property
    def timezone(self) -> str | None: ...   # noqa: D102
    @property
    def interval(self) -> int: ...          # noqa: D102


@dataclass(frozen=True, slots=True)
class Synced:
    """What bringing the catalogue into the database changed, by source id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    disabled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """How a look at a source ended, and when the next is due."""

    outcome: str
    reason: str
    checked_at: datetime
    next_check_at: datetime
    failures: int
    validators: tuple[str | None, str | None] | None = None   # (ETag, Last-Modified) to keep from now on; None: as they were


def sync_sources(session: Session, entries: Iterable[CatalogueEntry], now: datetime) -> Synced:
    """Make the sources those of the catalogue; what is no longer in it is disabled, never deleted, since articles name it.

    A source whose address or way of following changed is due at once and forgets its validators. Processes that start
    together call this in a session with `lock="catalogue"`.
    """
    known = {source.id: source for source in session.exec(select(Source))}
    added, changed, kept = [], [], set()
    for entry in entries:
        kept.add(entry.id)
        values = _values(entry)
        source = known.get(entry.id)
        if source is None:
            session.add(Source(id=entry.id, **values))
            added.append(entry.id)
            continue
        differing = [key for key, value in values.items() if getattr(source, key) != value]
        if differing:
            changed.append(entry.id)
        if {"follow", "url", "selector", "enabled"}.intersection(differing):
            source.etag = source.last_modified = None
            source.next_check_at, source.failures, source.healthy_since = now, 0, None
        for key in differing:
            setattr(source, key, values[key])
    disabled = [source.id for source in known.values() if source.enabled and source.id not in kept]
    for source_id in disabled:
        known[source_id].enabled = False
    session.flush()
    return Synced(tuple(added), tuple(changed), tuple(disabled))


def followed_urls(session: Session) -> list[tuple[str, str]]:
    """(id, URL) of every source that is followed."""
    enabled = col(Source.enabled).is_(True)
    return list(session.exec(select(Source.id, Source.url).where(enabled).order_by(Source.id)))


def any_due(session: Session, now: datetime, due_by: datetime) -> bool:
    """Whether a source may be leased: asked each second by an idle crawler, so that it need not take the write lock to ask."""
    return session.exec(select(Source.id).where(_leasable(now, due_by)).limit(1)).first() is not None


def lease_due_sources(session: Session, now: datetime, due_by: datetime, *, until: datetime, limit: int) -> list[Source]:
    """Take up to `limit` enabled sources that are due by `due_by` and that nobody holds, longest due first, until `until`.

    A lease that has run out at `now` belongs to a crawler that died, and is taken over. On PostgreSQL two crawlers that ask
    at once get different rows; on SQLite a writing session has the database to itself.
    """
    first_due = col(Source.next_check_at).asc().nulls_first()
    query = select(Source).where(_leasable(now, due_by)).order_by(first_due, col(Source.id)).limit(limit)
    sources = list(session.exec(query.with_for_update(skip_locked=True)))
    for source in sources:
        source.lease_until = until
    session.flush()
    return sources


def renew_leases(session: Session, held: Mapping[str, datetime], until: datetime) -> set[str]:
    """Hold leases (source id and the end it has now) until `until`; the ids that are still ours."""
    return {source_id for source_id, end in held.items() if _change_held(session, source_id, end, {"lease_until": until})}


def finish_look(session: Session, source_id: str, lease_until: datetime, looked: Looked) -> bool:
    """Give a lease back with what the look found; False, and nothing is changed, if the lease had passed to another."""
    values: dict[str, object] = {
        "lease_until": None, "outcome": looked.outcome, "outcome_reason": looked.reason, "checked_at": looked.checked_at,
        "next_check_at": looked.next_check_at, "failures": looked.failures,
        "healthy_since": None if looked.failures else _healthy_since(session, source_id, looked.checked_at),
    }
    if looked.validators is not None:
        values["etag"], values["last_modified"] = looked.validators
    return _change_held(session, source_id, lease_until, values)


def unseen_for(interval: int) -> timedelta:
    """After so long without a look nothing is known of a source: the crawler was off, or too busy."""
    return max(UNSEEN, timedelta(seconds=3 * interval))


def _healthy_since(session: Session, source_id: str, now: datetime) -> datetime:
    """Since when a source answers without a failure, given that it does so now."""
    row = session.exec(select(Source.healthy_since, Source.checked_at, Source.interval).where(Source.id == source_id)).first()
    if row is None or row[0] is None or row[1] is None or now - row[1] > unseen_for(row[2]):
        return now
    return row[0]


def _leasable(now: datetime, due_by: datetime) -> ColumnElement[bool]:
    next_check, lease = col(Source.next_check_at), col(Source.lease_until)
    due, free = or_(next_check.is_(None), next_check <= due_by), or_(lease.is_(None), lease <= now)
    return and_(col(Source.enabled).is_(True), due, free)


def _change_held(session: Session, source_id: str, lease_until: datetime, values: Mapping[str, object]) -> bool:
    """Change a source if its lease is still the one that ends at `lease_until`: that instant is the holder's token."""
    held = and_(col(Source.id) == source_id, col(Source.lease_until) == lease_until)
    return session.exec(update(Source).where(held).values(dict(values))).rowcount > 0


def _values(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "name": entry.name, "kind": str(entry.kind), "side": entry.side, "languages": list(entry.languages),
        "follow": str(entry.follow), "url": entry.url, "selector": entry.selector, "timezone": entry.timezone,
        "interval": entry.interval, "enabled": True,
    }
