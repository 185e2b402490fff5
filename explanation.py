"""`sayso explain` and `sayso alerts why`: why a finding exists, and why somebody was told of it or was not, in words that a person can check."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from alerts.matching import hears
from alerts.outbox import silence_facts, subscription_facts
from extract.sides import side_name
from ledger.contradictions import THRESHOLD, WINDOW
from ledger.finding import Finding, FindingType
from ledger.independence import Telling, independent
from store.alerts import alerts_of
from store.database import Database
from store.evidence import FindingReading, StatementReading, contradictions, statements
from store.findings import finding
from store.subscriptions import silences_on, subscriptions

MOST = 200              # statements of one agreement that are looked through


def explain(console: Console, database: Database, finding_id: str) -> bool:
    """Print why the contradiction or reversal of this id was found; False where there is none."""
    with database.reading() as session:
        found = finding(session, finding_id)
        said = statements(session, agreement=found.agreement_id, limit=MOST).items if found else ()
        every = contradictions(session, agreements=[found.agreement_id], limit=MOST).items if found else ()
    if found is None:
        return False
    closed = next((one for one in every if one.finding.id == found.id and one.closed_at is not None), None)
    for line in _lines(found, said, closed):
        console.print(line, highlight=False, soft_wrap=True)
    return True


def _lines(found: Finding, said: tuple[StatementReading, ...], closed: FindingReading | None) -> Iterator[str]:
    parties = ", ".join(side_name(side, "en") for side in found.parties)
    yield f"[bold]{escape(found.label)}[/bold]: {found.reason}."
    yield f"Agreement {found.agreement_id} · kind {found.kind} · parties {escape(parties)} · {found.type} {found.id} · {found.confidence:.0%} sure"
    if closed is not None and closed.closed_at is not None:
        yield f"[yellow]Closed on {closed.closed_at:%d %B %Y, %H:%M} UTC[/yellow]: {escape(closed.closed_reason or 'a person said so')}."
    yield ""
    for side in dict.fromkeys([found.first.side, found.second.side]):
        own = [one for one in said if one.evidence.side == side]
        if not own:
            yield (f"[bold]{escape(side_name(side, 'en'))}[/bold] says nothing of it any more: "
                   "its article was edited or read again, or a person put it elsewhere.")
            yield ""
            continue
        told = independent(Telling(e.article_id, e.source, e.fingerprint, e.said_at) for e in (one.evidence for one in own))
        yield f"[bold]{escape(side_name(side, 'en'))}[/bold] said of it, the last first, in {_count(told)} ({escape(', '.join(told))}):"
        for one in own:
            yield from _statement(one, taken=one.evidence.statement_id in {found.first.statement_id, found.second.statement_id})
        yield ""
    yield from _rule(found)


def _count(sources: tuple[str, ...]) -> str:
    return "1 independent source" if len(sources) == 1 else f"{len(sources)} independent sources"


def _statement(one: StatementReading, *, taken: bool) -> Iterator[str]:
    said = one.evidence
    counts = said.stance in {"confirms", "denies", "rejects"} and said.confidence >= THRESHOLD
    mark = "[green]●[/green]" if taken else "○" if counts else "[dim]·[/dim]"
    colour = {"confirms": "green", "denies": "red", "rejects": "red"}.get(said.stance, "default")
    yield f" {mark} [{colour}]{said.stance}[/{colour}] {said.confidence:.0%} · {escape(said.speaker)} · {said.said_at:%d %B %Y, %H:%M} UTC"
    yield f"     “{escape(said.quote)}”"
    yield f"     [dim]{escape(said.source)}{', a press office' if said.official else ''} · {escape(said.url)}[/dim]"
    for reason in one.reasons:
        yield f"     [dim]– {escape(reason)}[/dim]"
    yield f"     [dim]– this agreement: {escape(one.identity_reason or 'it opened it')}[/dim]"


def _rule(found: Finding) -> Iterator[str]:
    yield (f"● is what the finding rests on, ○ counts too, · does not: only what confirms, denies or rejects, and is at least {THRESHOLD:.0%} sure.")
    if found.type is FindingType.contradiction:
        yield f"Two sides contradict each other where one confirms and the other denies or rejects the same agreement within {WINDOW.days} days."
        yield "Of each the best is taken: a press office's own words first, then the surest, then the earliest."
        yield "It ends where both say the same by now, and opens again where one of them turns again."
    else:
        yield "A side reverses itself where it says the opposite in a later article; who says both in one article speaks of two things."


def why_told(console: Console, database: Database, finding_id: str, subscription_id: int, now: datetime) -> bool:
    """Print whether a subscription hears a finding, why, and what became of the message; False where one of the two is not there."""
    with database.reading() as session:
        found = finding(session, finding_id)
        row = next((each for each in subscriptions(session) if each.id == subscription_id), None)
        if found is None or row is None:
            return False
        decision = hears(subscription_facts(row), found, [silence_facts(each) for each in silences_on(session, found.agreement_id, now)], now)
        sent = [alert for alert, heard_by in alerts_of(session, finding_id) if heard_by.id == subscription_id]
    console.print(f"[bold]{escape(row.name)}[/bold] ({row.channel}) and {escape(found.label)}: {found.reason}.", highlight=False, soft_wrap=True)
    console.print(f"Today it would {'be told' if decision.tell else 'not be told'}: {escape(decision.words)}", highlight=False, soft_wrap=True)
    for alert in sent:
        when = f" on {alert.delivered_at:%d %B %Y, %H:%M} UTC" if alert.delivered_at else ""
        error = f" ({escape(alert.last_error)})" if alert.last_error else ""
        tries = "1 attempt" if alert.attempts == 1 else f"{alert.attempts} attempts"
        console.print(f"The message of {alert.created_at:%d %B %Y, %H:%M} UTC is {alert.state}{when}, after {tries}{error}. "
                      f"It was written because: {escape(alert.reason)}", highlight=False, soft_wrap=True)
    if not sent:
        console.print("No message was written: the subscription is newer than the finding, or it did not ask for it then.", highlight=False)
    return True
