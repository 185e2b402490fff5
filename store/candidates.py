"""The agreements that a claim may be about: a few, from indexes, whatever the size of the ledger."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from extract.story import UNKNOWN_KIND
from ledger.claim import Claim
from ledger.identify import STORY, WINDOW, Candidate
from store.agreements import Agreement
from store.keys import AgreementName, AgreementPair, AgreementParty, pairs_of

# Of the two hundred that are looked at, by what they share with the claim.
SHARES = {"pair": 60, "name": 20, "story": 40, "kind": 20, "alone": 20, "later": 40}

EACH = 5      # of one key: among those that fit alike the one spoken of last is meant


def close(session: Session, claim: Claim) -> list[Candidate]:
    """Agreements of two of a claim's parties and of its kind, or without one, and those that share a name."""
    found = _of_pairs(session, pairs_of(claim.parties), claim.at - WINDOW, SHARES["pair"], _kinds(claim))
    found |= _newest(session, AgreementName, [[col(AgreementName.name) == name] for name in sorted(claim.names)], claim.at - WINDOW, SHARES["name"])
    return _candidates(session, found, claim.at + WINDOW)


def far(session: Session, claim: Claim, seen: Collection[str]) -> list[Candidate]:
    """What else may be meant: agreements of two sides that the article is about, and, where one party is all that is named, of that one."""
    parties = sorted(claim.parties)
    others = sorted(set(pairs_of({*claim.parties, *claim.context})) - set(pairs_of(claim.parties)))
    found = _of_pairs(session, others, claim.at - STORY, SHARES["story"], _kinds(claim))
    alone = [[col(AgreementParty.side) == side, col(AgreementParty.alone).is_(True)] for side in parties]
    found |= _newest(session, AgreementParty, alone, claim.at - WINDOW, SHARES["alone"])
    if len(parties) == 1 or any(side.islower() for side in parties):       # an organisation may be called otherwise elsewhere
        kinds = sorted({claim.kind, UNKNOWN_KIND})
        of_kind = [[col(AgreementParty.side) == side, col(AgreementParty.kind) == kind] for side in parties for kind in kinds]
        found |= _newest(session, AgreementParty, of_kind, claim.at - WINDOW, SHARES["kind"])
    return _candidates(session, [each for each in found if each not in seen], claim.at + WINDOW)


def later(session: Session, claim: Claim) -> list[Candidate]:
    """Agreements of one of a claim's parties that were spoken of after it: none, where articles arrive in the order of time."""
    since = [[col(AgreementParty.side) == side, col(AgreementParty.last_at) >= claim.at] for side in sorted(claim.parties)]
    ids: dict[str, None] = {}
    for key in since:
        after = select(AgreementParty.agreement_id).where(*key).order_by(col(AgreementParty.last_at), col(AgreementParty.agreement_id))
        ids |= dict.fromkeys(session.exec(after.limit(max(1, SHARES["later"] // len(since)))))
    return _candidates(session, ids, claim.at + WINDOW)


def _kinds(claim: Claim) -> list[str] | None:
    """The kinds that an agreement may have that a claim is about without sharing a name with it; None: all."""
    return None if claim.kind == UNKNOWN_KIND else [claim.kind, UNKNOWN_KIND]


def _of_pairs(session: Session, pairs: list[str], since: datetime, limit: int, kinds: list[str] | None) -> dict[str, None]:
    keys = [[col(AgreementPair.pair) == pair, *([col(AgreementPair.kind) == kind] if kind else [])] for pair in pairs for kind in kinds or [""]]
    return _newest(session, AgreementPair, keys, since, limit)


def _newest(session: Session, table: type[AgreementPair] | type[AgreementParty] | type[AgreementName], keys: list[list[ColumnElement[bool]]],
            since: datetime, limit: int) -> dict[str, None]:
    """The ids of the agreements that were last spoken of, of each key its share."""
    ids: dict[str, None] = {}
    for key in keys[:limit]:
        near = select(table.agreement_id).where(*key, col(table.last_at) >= since).order_by(col(table.last_at).desc(), col(table.agreement_id))
        ids |= dict.fromkeys(session.exec(near.limit(max(1, min(EACH, limit // len(keys))))))
    return ids


def _candidates(session: Session, ids: Iterable[str], until: datetime) -> list[Candidate]:
    wanted = list(ids)
    if not wanted:
        return []
    # Looked up by their keys alone: told that they are not merged, SQLite would go through all that are not.
    rows = session.exec(select(Agreement).where(col(Agreement.id).in_(wanted)))
    return [Candidate(a.id, frozenset(a.parties), a.kind, frozenset(a.names), a.first_at, a.last_at, frozenset(a.context), frozenset(a.topics))
            for a in rows if a.merged_into is None and a.first_at <= until]
