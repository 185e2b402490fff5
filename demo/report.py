"""What the demo shows at its end: the contradictions with both sentences, what was sent to whom, and whether that is right."""

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from alerts.wording import headline
from demo.inbox import Mailbox, SlackStandIn
from demo.watch import Progressed
from extract.sides import side_name
from ledger.finding import Evidence, FindingType
from store.alerts import alerts_of
from store.database import Database
from store.findings import findings

COLOURS = {"confirms": "green", "denies": "red", "rejects": "red"}


def expected_difference(database: Database, expected: frozenset[frozenset[str]], state: Progressed, mailbox: Mailbox,
                        slack: SlackStandIn) -> list[str]:
    """What differs from what the newsroom's story must raise, in sentences; empty when all is as expected."""
    with database.reading() as session:
        found = findings(session)
    pairs = [frozenset((f.first.side, f.second.side)) for f in found if f.type is FindingType.contradiction]
    difference = [f"missing: a contradiction between {_names(pair)}" for pair in sorted(expected - set(pairs), key=sorted)]
    difference += [f"not expected: a contradiction between {_names(pair)}" for pair in sorted(set(pairs) - expected, key=sorted)]
    difference += [f"not expected: {f.type} {f.reason}" for f in found if f.type is not FindingType.contradiction]
    if len(pairs) != len(set(pairs)):
        difference.append("a contradiction was found more than once")
    for what, count in (("mail", len(mailbox.messages)), ("Slack", len(slack.messages))):
        if count != len(expected):
            difference.append(f"{count} {what} messages arrived, {len(expected)} were expected")
    if state.delivered != state.alerts:
        difference.append(f"{state.alerts - state.delivered} alerts are not delivered")
    return difference


def show(console: Console, database: Database, mailbox: Mailbox, slack: SlackStandIn, url: str, difference: Sequence[str]) -> None:
    """Print the findings, the deliveries and the verdict."""
    with database.reading() as session:
        found = [(f, alerts_of(session, f.id)) for f in findings(session)]
    for finding, alerts in found:
        sent = Table.grid(padding=(0, 2))
        for alert, subscription in alerts:
            mark = "[green]✓[/green]" if alert.state == "delivered" else f"[yellow]{alert.state}[/yellow]"
            sent.add_row(mark, subscription.channel, subscription.name, f"[dim]{alert.reason}[/dim]")
        body = Group(Columns([_evidence(finding.first), _evidence(finding.second)], equal=True, expand=True), sent,
                     Text(f"{url}/agreements/{finding.agreement_id}", style="cyan"))
        console.print(Panel(body, title=f"[bold]{headline(finding)}[/bold]", title_align="left", subtitle=finding.reason, subtitle_align="left"))
    subjects = [str(message["Subject"]) for message in mailbox.messages]
    console.print(f"\n{len(subjects)} mails and {len(slack.messages)} Slack messages arrived.")
    for subject in subjects:
        console.print(f"  ✉ {subject}", highlight=False)
    console.print(f"\nThe same as pages: [cyan]{url}[/cyan]")
    for line in difference:
        console.print(f"[red]✗[/red] {line}", highlight=False)
    if not difference:
        console.print("[green]✓[/green] Every expected alert was delivered, and no other.")


def _evidence(evidence: Evidence) -> Panel:
    colour = COLOURS.get(evidence.stance, "white")
    who = evidence.speaker + (f", {evidence.role}" if evidence.role and evidence.role != evidence.speaker else "")
    quoted = evidence.quote if evidence.quote.startswith(("“", "«", "\"")) else f"“{evidence.quote}”"
    lines = Text.assemble((quoted, "italic"), "\n", (who, "bold"),
                          f"\n{evidence.source}", ("  official" if evidence.official else "", "cyan"),
                          f"\n{evidence.said_at:%d %B %Y, %H:%M} UTC\n", (evidence.url, "dim"))
    return Panel(lines, title=f"[{colour}]{side_name(evidence.side, 'en')} {evidence.stance}[/{colour}]", title_align="left", border_style=colour)


def _names(pair: frozenset[str]) -> str:
    return " and ".join(sorted(side_name(side, "en") for side in pair))
