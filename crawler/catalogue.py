"""The catalogue: one YAML file a country, one entry a source, read strictly and reported by file, line and key.

An entry is data that people write by hand, so a misspelt key is a mistake and not a key that is ignored, and all mistakes
of all files are reported at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crawler.links import web_address
from extract.document import Kind

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHORTEST_INTERVAL, LONGEST_INTERVAL = 60, 7 * 86_400   # seconds


class Follow(StrEnum):
    """What a source is followed by."""

    feed = "feed"
    sitemap = "sitemap"
    listing = "listing"


class CatalogueError(Exception):
    """Mistakes in the catalogue, a line each: file, line, key, and what was expected."""


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")) or web_address(text) is None:
        raise ValueError("no address")
    return text


def _selector(text: str) -> str:
    try:
        CSSSelector(text)
    except SelectorError as error:
        raise ValueError("no selector") from error
    return text


class Expect(BaseModel):
    """What a healthy source gives, so that one that went blind is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles_a_week: int | None = Field(None, ge=0, le=100_000, strict=True, description="a whole number, 0 or more")
    shortest_text: int | None = Field(None, ge=0, le=100_000, strict=True, description="characters, 0 or more")


class SourceEntry(BaseModel):
    """One source. Each field's description is what a mistake in it is told to have expected."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str = Field(min_length=1, max_length=200, description="the source's name in its own language")
    kind: Kind = Field(description="press_office or outlet")
    side: str | None = Field(None, min_length=2, max_length=80, description="whom a press office speaks for: a country's two "
                             "letters (ISO 3166-1), EU, UN, NATO, or a name")
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = Field(
        min_length=1, description="a list of languages in two letters (ISO 639-1), such as [es], and Norwegian as ['no']")
    follow: Follow = Field(description="feed, sitemap or listing")
    url: Annotated[str, AfterValidator(_address)] = Field(description="an absolute http or https address without user name")
    selector: Annotated[str, AfterValidator(_selector)] | None = Field(None, description="a CSS selector")
    interval: int = Field(900, ge=SHORTEST_INTERVAL, le=LONGEST_INTERVAL, strict=True,
                          description=f"seconds between two looks, {SHORTEST_INTERVAL} to {LONGEST_INTERVAL}")
    timezone: str | None = Field(None, pattern=r"^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$",
                                 description="a name of the time zone database, such as America/Guatemala")
    expect: Expect | None = Field(None, description="articles_a_week and shortest_text")
    verified: date | None = Field(None, description="the day somebody saw it work, such as 2025-06-30, or null")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind is Kind.press_office and self.side is None:
            raise ValueError("side: whom this press office speaks for, such as GT")
        if self.kind is Kind.outlet and self.side is not None:
            raise ValueError("side: none, since an outlet speaks for no side (or kind: press_office)")
        if self.selector is not None and self.follow is not Follow.listing:
            raise ValueError("selector: none, since only a listing has one (or follow: listing)")
        return self


def load(folder: Path) -> list[SourceEntry]:
    """Every source of the `*.yaml` files in `folder`, sorted by file and place in it.

    Raises CatalogueError with all mistakes, or if there is no such folder.
    """
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: expected a folder of catalogues (*.yaml), and there is none")
    entries: list[SourceEntry] = []
    mistakes: list[str] = []
    where: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for found in _read(path):
            if isinstance(found, _Mistake):
                mistakes.append(str(found))
            elif found.entry.id in where:
                first = where[found.entry.id]
                mistakes.append(str(_Mistake(path, found.line, found.entry.id, f"another id: {first} has this one")))
            else:
                where[found.entry.id] = f"{path.name}:{found.line}"
                entries.append(found.entry)
    if mistakes:
        raise CatalogueError("\n".join(mistakes))
    return entries


@dataclass(frozen=True, slots=True)
class _Mistake:
    path: Path
    line: int
    key: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.key}: expected {self.expected}"


@dataclass(frozen=True, slots=True)
class _Found:
    entry: SourceEntry
    line: int


def _read(path: Path) -> Iterator[_Found | _Mistake]:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        yield _Mistake(path, 1, "(file)", f"text in UTF-8, and byte {error.start} is none")
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield _Mistake(path, mark.line + 1 if mark else 1, "(file)", f"YAML, but {getattr(error, 'problem', None) or error}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        yield _Mistake(path, 1, "(file)", "a mapping of ids to sources, such as `gt-presidencia: {name: …}`")
        return
    values = yaml.SafeLoader(text)
    try:
        for key, node in root.value:
            yield from _entry(path, key, node, values)
    finally:
        values.dispose()


def _entry(path: Path, key: yaml.Node, node: yaml.Node, values: yaml.SafeLoader) -> Iterator[_Found | _Mistake]:
    line, source_id = key.start_mark.line + 1, str(key.value)
    if not ID.fullmatch(source_id):
        yield _Mistake(path, line, source_id, "an id of small letters, digits and hyphens")
        return
    if not isinstance(node, yaml.MappingNode):
        yield _Mistake(path, line, source_id, "a mapping with name, kind, languages, follow and url")
        return
    twice = list(_repeated(node))
    if twice:
        yield from (_Mistake(path, mark, f"{source_id}.{name}", "each key once") for name, mark in twice)
        return
    try:
        yield _Found(SourceEntry(id=source_id, **values.construct_document(node)), line)
    except yaml.YAMLError as error:
        yield _Mistake(path, line, source_id, f"plain values, but {getattr(error, 'problem', None) or error}")
    except TypeError:  # a key that YAML reads as a number or a truth value, or `id`, which is the entry's own key
        yield _Mistake(path, line, source_id, "keys that are words, and no id among them: the entry's key is its id")
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            yield _mistake(path, source_id, key, node, problem)


def _mistake(path: Path, source_id: str, key: yaml.Node, node: yaml.Node, problem: Any) -> _Mistake:
    location = [part for part in problem["loc"] if isinstance(part, str | int)]
    if not location:  # of the whole entry: our own sentence names the field
        field, _, expected = str(problem["ctx"]["error"]).partition(": ")
        return _Mistake(path, _line_of(node, [field]) or key.start_mark.line + 1, f"{source_id}.{field}", expected)
    line = _line_of(node, location) or key.start_mark.line + 1
    name = ".".join([source_id, *map(str, location)])
    fields = Expect.model_fields if location[0] == "expect" and len(location) > 1 else SourceEntry.model_fields
    if problem["type"] == "extra_forbidden":
        known = ", ".join(field for field in fields if field != "id")
        return _Mistake(path, line, name, f"one of the keys {known}")
    field_name = next((str(part) for part in reversed(location) if part in fields), str(location[0]))
    expected = (fields[field_name].description if field_name in fields else None) or str(problem["msg"])
    found = "nothing is there" if problem["type"] == "missing" else f"found {problem['input']!r:.80}"
    return _Mistake(path, line, name, f"{expected}; {found}")


def _line_of(node: yaml.Node, location: list[str | int]) -> int | None:
    """The line of the deepest part of `location` that stands in the file."""
    line = None
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _repeated(node: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    """Keys that stand twice: YAML takes the last one silently."""
    seen: set[str] = set()
    for key, _ in node.value:
        if str(key.value) in seen:
            yield str(key.value), key.start_mark.line + 1
        seen.add(str(key.value))
