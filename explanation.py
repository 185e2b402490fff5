"""`sayso explain`: why a finding exists, from the sentences to the thresholds, in words that a person can check."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape

from extract.sides import side_name
from ledger.contradictions import THRESHOLD, WINDOW
from ledger.finding import Finding, FindingType
from store.database import Database
from store.evidence import StatementReading, statements
from store.findings import finding

MOST = 200              # statements of one agreement that are looked through


def explain(console: Console, database: Database, finding_id: str) -> bool:
    """Print why the contradiction or reversal of this id was found; False where there is none."""
    with database.reading() as session:
        found = finding(session, finding_id)
        said = statements(session, agreement=found.agreement_id, limit=MOST).items if found else ()
    if found is None:
        return False
    for line in _lines(found, said):
        console.print(line, highlight=False, soft_wrap=True)
    return True


def _lines(found: Finding, said: tuple[StatementReading, ...]) -> Iterator[str]:
    parties = ", ".join(side_name(side, "en") for side in found.parties)
    yield f"[bold]{escape(found.label)}[/bold]: {found.reason}."
    yield f"Agreement {found.agreement_id} · kind {found.kind} · parties {escape(parties)} · {found.type} {found.id} · {found.confidence:.0%} sure"
    yield ""
    for side in dict.fromkeys([found.first.side, found.second.side]):
        own = [one for one in said if one.evidence.side == side]
        yield f"[bold]{escape(side_name(side, 'en'))}[/bold] said of it, the last first:"
        for one in own:
            yield from _statement(one, taken=one.evidence.statement_id in {found.first.statement_id, found.second.statement_id})
        yield ""
    yield from _rule(found)


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
    else:
        yield "A side reverses itself where it says the opposite in a later article; who says both in one article speaks of two things."
