"""Office holders that the reader knows by name, with the dates between which it does (extract/lexicon/people.yaml)."""

import unicodedata
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from extract.document import Document
from extract.names import find_names

_FILE = Path(__file__).parent / "lexicon" / "people.yaml"


class OfficeHolder(BaseModel):
    """One person in one office."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    side: str
    role: str
    since: date = Field(alias="from")
    until: date | None = None


def fold(name: str) -> str:
    """A name without accents and case, as names are compared."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


@cache
def office_holders() -> dict[str, tuple[OfficeHolder, ...]]:
    """Every entry by folded name."""
    entries = TypeAdapter(list[OfficeHolder]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    found: dict[str, tuple[OfficeHolder, ...]] = {}
    for entry in entries:
        found[fold(entry.name)] = (*found.get(fold(entry.name), ()), entry)
    return found


def office_holder(name: str, at: datetime | None) -> OfficeHolder | None:
    """Who `name` was on the day of `at` (None: unknown day, the newest entry); None for a name that is not listed."""
    entries = office_holders().get(fold(name), ())
    if at is None:
        return max(entries, key=lambda e: e.since, default=None)
    day = at.date()
    return next((e for e in entries if e.since <= day and (e.until is None or day <= e.until)), None)


def people_named(text: str, language: str) -> set[str]:
    """The names in a text that may be people's, folded. Raises KeyError for a language without a lexicon."""
    return {fold(name.text) for name in find_names(text, language) if " " in name.text}


def side_of_person(name: str, document: Document) -> str | None:
    """The side that somebody speaks for, where the article does not say: as earlier articles had it, else as the table of office holders has."""
    known = document.people.get(fold(name))
    if known is not None:
        return known
    holder = office_holder(name, document.published)
    return holder.side if holder else None
