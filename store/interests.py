"""What subscriptions ask for, as keys that a finding has too: who hears it is looked up, and nobody is asked who does not."""

from collections.abc import Collection, Iterable
from itertools import product

from sqlalchemy import Index, delete
from sqlmodel import Field, Session, SQLModel, col, select

ANY = "*"
MOST_KEYS = 400       # of one subscription; one that names more is asked about every kind, and tried


class SubscriptionKey(SQLModel, table=True):
    """One combination of side, kind and finding that a subscription hears; `*` where it names none."""

    __tablename__ = "subscription_key"
    __table_args__ = (Index("ix_subscription_key_confidence", "key", "min_confidence", "subscription_id"),)

    key: str = Field(primary_key=True)
    subscription_id: int = Field(primary_key=True, foreign_key="subscription.id", index=True)
    min_confidence: float = 0.0


def keys_of(sides: Iterable[str], kinds: Iterable[str], findings: Iterable[str]) -> list[str]:
    """The keys of a subscription that names these: at most `MOST_KEYS`, or, with more sides than that, one a side."""
    named = [sorted({word.casefold() for word in words}) or [ANY] for words in (sides, kinds, findings)]
    for widened in (1, 2):
        if len(named[0]) * len(named[1]) * len(named[2]) > MOST_KEYS:
            named[widened] = [ANY]
    return ["|".join(parts) for parts in product(*named)]


def keys_asked(sides: Collection[str], kind: str, finding: str) -> list[str]:
    """The keys under which a finding is heard."""
    heard = sorted({ANY, *(side.casefold() for side in sides)}), [ANY, kind.casefold()], [ANY, finding.casefold()]
    return ["|".join(parts) for parts in product(*heard)]


def note_interests(session: Session, subscription_id: int, keys: Iterable[str], min_confidence: float) -> None:
    """Let a subscription be found by these keys, and by nothing else."""
    forget_interests(session, subscription_id)
    session.add_all(SubscriptionKey(key=key, subscription_id=subscription_id, min_confidence=min_confidence) for key in keys)
    session.flush()


def forget_interests(session: Session, subscription_id: int) -> None:
    """Let a subscription be found by nothing."""
    session.exec(delete(SubscriptionKey).where(col(SubscriptionKey.subscription_id) == subscription_id))


def interested(session: Session, keys: Collection[str], confidence: float) -> list[int]:
    """The subscriptions that have one of `keys` and ask for no more confidence, in order: the cost is that of the hits."""
    key = SubscriptionKey
    query = select(key.subscription_id).where(col(key.key).in_(list(keys)), col(key.min_confidence) <= confidence)
    return sorted(set(session.exec(query)))
