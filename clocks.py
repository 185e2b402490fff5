"""Whose silence tells: the sweep looks at the clocks that are due and says which party has let its time pass."""

from datetime import datetime, timedelta

import structlog

from ledger.clocks import Answer, listened
from store.clocks import due_clocks, settle_clock, watches
from store.database import Database

LIMIT = 500       # clocks of one sweep

log = structlog.get_logger()


def look(database: Database, patience: timedelta, now: datetime) -> list[str]:
    """Look at the clocks that are due; the ids of those whose party is silent now."""
    silent = []
    with database.writing(lock="ledger") as session:
        rows = due_clocks(session, now, LIMIT)
        watched = watches(session, {row.side for row in rows}, now)
        for row in rows:
            heard = listened(row.side, row.started_at, watched.get(row.side, ()), patience, now)
            settle_clock(row, heard, now)
            session.add(row)
            if heard.answer is Answer.silent:
                silent.append(row.id)
                log.info("party_silent", agreement=row.agreement_id, side=row.side, reason=heard.reason)
    return silent
