"""`sayso export labels`: the articles that a person corrected, as cases with known answers, which `sayso evaluate` reads.

A case is one agreement that a correction touched: its articles, the statements that stand, and who contradicts whom by them. What nobody
corrected in it is the machine's reading and wants a look before it is trusted.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from extract.sides import side_name
from store.agreements import Agreement, standing_for
from store.alerts import Transaction
from store.articles import Article
from store.corrections import Action, Correction, corrections
from store.database import Database
from store.evidence import contradictions
from store.findings import holds
from store.sources import Source
from store.statements import StatementRow, statements_on

MOST = 10_000          # corrections that are looked through


def export(database: Database, folder: Path) -> list[Path]:
    """Write a case for each agreement that a standing correction touched; the files, in order of name."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with database.reading() as session:
        for agreement in _touched(session, corrections(session, MOST)):
            case = _case(session, agreement)
            if case is not None:
                path = folder / f"{case['id']}.yaml"
                path.write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
                written.append(path)
    return sorted(written)


def _touched(session: Transaction, made: Sequence[Correction]) -> Iterator[Agreement]:
    ids: dict[str, None] = {}
    for each in reversed(made):
        if each.undone_at is not None:
            continue
        if each.action == Action.reject_statement:
            row = session.get(StatementRow, each.detail["statement"])
            found = [row.agreement_id] if row is not None else []
        elif each.action == Action.reject_finding:
            found = [each.detail["agreement"]]
        else:
            found = [each.subject, each.detail.get("into")]
        ids |= dict.fromkeys(one for one in found if one)
    standing = (standing_for(session, session.get_one(Agreement, each)) for each in ids)
    yield from {agreement.id: agreement for agreement in standing}.values()


def _case(session: Transaction, agreement: Agreement) -> dict[str, Any] | None:
    rows = [row for row in statements_on(session, agreement.id) if not row.in_title]
    if not rows:
        return None
    ids = {article_id: f"a{number}" for number, article_id in enumerate(dict.fromkeys(row.article_id for row in rows), 1)}
    names = {row.side: row.side_name or side_name(row.side, "en") for row in rows if row.side.islower()}
    opposed = contradictions(session, agreements=[agreement.id], limit=100).items
    pairs = {tuple(sorted((one.finding.first.side, one.finding.second.side))) for one in opposed if holds(session, one.finding.id)}
    key = agreement.kind
    return {
        "id": f"{re.sub(r'[^a-z0-9]+', '-', agreement.kind.lower())}-{agreement.id[:8]}-{agreement.first_at.year}",
        "about": f"{agreement.label}; exported after a correction, the rest as it was read.",
        "articles": [_article(session, article_id, short) for article_id, short in ids.items()],
        "agreements": [{"id": key, "kind": agreement.kind, "parties": sorted(agreement.parties)}],
        "statements": [{"article": ids[row.article_id], "side": row.side, "speaker": row.speaker, "stance": row.stance, "agreement": key,
                        "evidence": row.quote} for row in rows if not row.rejected],
        "contradictions": [{"agreement": key, "sides": list(pair)} for pair in sorted(pairs)],
        "aliases": {side: [name] for side, name in sorted(names.items())},
        "checked_pairs": True,          # some oppose each other months apart, or less surely than a finding needs
    }


def _article(session: Transaction, article_id: str, short: str) -> dict[str, Any]:
    article = session.get_one(Article, article_id)
    source = session.get_one(Source, article.source_id)
    at = article.published_at or article.fetched_at
    return {"id": short, "source": {"name": source.name, "kind": source.kind, "side": source.side}, "language": article.language,
            "published": at.isoformat(), "title": article.title or source.name, "text": article.text or ""}
