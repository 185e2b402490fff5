"""What the reader is given: an article's title and text, who published it, when, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LANGUAGES = ("en", "es", "fr", "pt")


class Kind(StrEnum):
    """What kind of publisher a source is."""

    press_office = "press_office"
    outlet = "outlet"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published a document. A press office speaks for its `side`; an outlet has none."""

    name: str
    kind: Kind = Kind.outlet
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One article as text: paragraphs separated by an empty line, as an extractor gives them."""

    title: str
    text: str
    language: str | None = None
    published: datetime | None = None
    publisher: Publisher = field(default_factory=lambda: Publisher(""))
    people: Mapping[str, str] = field(default_factory=dict)     # sides of people whom earlier articles knew, by their names as people.fold has them
