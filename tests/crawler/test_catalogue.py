"""The catalogue: strict, and every mistake with its file, line, key and what was expected."""

import textwrap
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from crawler.catalogue import CatalogueError, Follow, load
from extract.document import LANGUAGES, Kind
from store.sources import Source, sync_sources

SHIPPED = Path(__file__).parents[2] / "sources"
ENTRY = """\
gt-presidencia:
  name: Presidencia
  kind: press_office
  side: GT
  languages: [es]
  follow: listing
  url: https://prensa.example.gob.gt/
"""


def write(folder: Path, text: str, name: str = "guatemala.yaml") -> Path:
    """A catalogue of one file."""
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def test_an_entry_is_read_with_its_defaults(tmp_path: Path) -> None:
    (entry,) = load(write(tmp_path, ENTRY))
    assert (entry.id, entry.kind, entry.follow, entry.interval, entry.verified) == ("gt-presidencia", Kind.press_office, Follow.listing, 900, None)


def test_an_entry_is_read_with_all_its_keys(tmp_path: Path) -> None:
    (entry,) = load(write(tmp_path, ENTRY + "  selector: main a\n  interval: 60\n  timezone: America/Guatemala\n  verified: 2025-06-30\n"
                          "  expect: {articles_a_week: 5, shortest_text: 300}\n"))
    assert (entry.selector, entry.interval, entry.timezone, entry.verified) == ("main a", 60, "America/Guatemala", date(2025, 6, 30))
    assert entry.expect is not None
    assert entry.expect.articles_a_week == 5


@pytest.mark.parametrize(("before", "after", "line", "key", "expected"), [
    ("follow: listing", "follow: fed", 6, "follow", "feed, sitemap or listing; found 'fed'"),
    ("kind: press_office", "kind: ministry", 3, "kind", "press_office or outlet; found 'ministry'"),
    ("  name: Presidencia\n", "", 1, "name", "the source's name in its own language; nothing is there"),
    ("  side: GT\n", "", 1, "side", "whom this press office speaks for, such as GT"),
    ("kind: press_office", "kind: outlet", 4, "side", "none, since an outlet speaks for no side (or kind: press_office)"),
    ("languages: [es]", "languages: es", 5, "languages", "a list of languages in two letters (ISO 639-1), such as [es], and Norwegian as ['no']; found 'es'"),
    ("languages: [es]", "languages: [es, no]", 5, "languages.1",
     "a list of languages in two letters (ISO 639-1), such as [es], and Norwegian as ['no']; found False"),
    ("url: https://", "url: ftp://", 7, "url", "an absolute http or https address without user name; found 'ftp://prensa.example.gob.gt/'"),
    ("url: https://", "url: https://me:secret@", 7, "url",
     "an absolute http or https address without user name; found 'https://me:secret@prensa.example.gob.gt/'"),
    ("url: ", "interval: '60'\n  url: ", 7, "interval", "seconds between two looks, 60 to 604800; found '60'"),
    ("url: ", "interval: 5\n  url: ", 7, "interval", "seconds between two looks, 60 to 604800; found 5"),
    ("url: ", "selector: 'a['\n  url: ", 7, "selector", "a CSS selector; found 'a['"),
    ("url: ", "timezone: CST-6\n  url: ", 7, "timezone", "a name of the time zone database, such as America/Guatemala; found 'CST-6'"),
    ("url: ", "verified: yes\n  url: ", 7, "verified", "the day somebody saw it work, such as 2025-06-30, or null; found True"),
    ("url: ", "expect: {articles: 3}\n  url: ", 7, "expect.articles", "one of the keys articles_a_week, shortest_text"),
    ("url: ", "expect:\n    shortest_text: -1\n  url: ", 8, "expect.shortest_text", "characters, 0 or more; found -1"),
    ("url: ", "uri: ", 1, "url", "an absolute http or https address without user name; nothing is there"),
    ("url: ", "colour: red\n  url: ", 7, "colour", "one of the keys name, kind, side, languages, follow, url, selector, interval, timezone, expect, verified"),
    ("url: ", "name: Again\n  url: ", 7, "name", "each key once"),
])
def test_a_mistake_is_told_with_its_file_line_and_key(tmp_path: Path, before: str, after: str, line: int, key: str, expected: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load(write(tmp_path, ENTRY.replace(before, after)))
    assert f"{tmp_path}/guatemala.yaml:{line}: gt-presidencia.{key}: expected {expected}" in str(caught.value).splitlines()


@pytest.mark.parametrize(("text", "says"), [
    ("- a\n", ":1: (file): expected a mapping of ids to sources"),
    ("a: [\n", ":2: (file): expected YAML, but"),
    ("GT: {}\n", ":1: GT: expected an id of small letters, digits and hyphens"),
    ("gt: 3\n", ":1: gt: expected a mapping with name, kind, languages, follow and url"),
    (ENTRY.replace("  name", "  id: other\n  name"), ":1: gt-presidencia: expected keys that are words, and no id among them"),
    (ENTRY + ENTRY, ":8: gt-presidencia: expected another id: guatemala.yaml:1 has this one"),
    (ENTRY.replace("Presidencia", "!!python/name:os.system x"), ":1: gt-presidencia: expected plain values"),
])
def test_a_file_that_is_no_catalogue_is_told_so(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load(write(tmp_path, text))
    assert f"{tmp_path}/guatemala.yaml{says}" in str(caught.value)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, ENTRY.replace("listing", "x").replace("press_office", "y"), "a.yaml")
    with pytest.raises(CatalogueError) as caught:
        load(write(tmp_path, ENTRY.replace("[es]", "[]"), "b.yaml"))
    assert len(str(caught.value).splitlines()) == 3


def test_a_folder_that_is_not_there_is_a_mistake_and_an_empty_one_is_not(tmp_path: Path) -> None:
    assert load(tmp_path) == []
    with pytest.raises(CatalogueError, match="expected a folder"):
        load(tmp_path / "nowhere")


def test_the_catalogue_comes_into_the_database_and_what_left_it_is_disabled(newsroom: Any, tmp_path: Path, now: Any) -> None:
    entries = load(write(tmp_path, ENTRY))
    with newsroom.database.writing() as session:
        assert sync_sources(session, entries, now).added == ("gt-presidencia",)
    with newsroom.database.writing() as session:
        session.get(Source, "gt-presidencia").etag = '"v1"'
        again = sync_sources(session, entries, now)
        assert (again.added, again.changed, again.disabled) == ((), (), ())
    with newsroom.database.writing() as session:
        renamed = sync_sources(session, load(write(tmp_path, ENTRY.replace("name: P", "name: La P"))), now)
        assert renamed.changed == ("gt-presidencia",)
        assert session.get(Source, "gt-presidencia").etag == '"v1"'
        sync_sources(session, load(write(tmp_path, ENTRY.replace("gob.gt/", "gob.gt/prensa"))), now)
        assert (session.get(Source, "gt-presidencia").etag, session.get(Source, "gt-presidencia").next_check_at) == (None, now)
        assert sync_sources(session, [], now).disabled == ("gt-presidencia",)
        assert not session.exec(select(Source.enabled)).one()
        assert sync_sources(session, entries, now).changed == ("gt-presidencia",)
        assert session.exec(select(Source.enabled)).one()


ENTRIES = load(SHIPPED)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
def test_a_shipped_source_is_plausible(entry: Any) -> None:
    assert urlsplit(entry.url).scheme == "https"
    assert "." in (urlsplit(entry.url).hostname or "")
    assert set(entry.languages) <= set(LANGUAGES)
    assert entry.verified is None or isinstance(entry.verified, date)
    if entry.timezone:
        ZoneInfo(entry.timezone)


def test_the_shipped_catalogue_has_every_address_once_and_says_what_is_unverified() -> None:
    assert len(ENTRIES) >= 12
    assert len({entry.url for entry in ENTRIES}) == len(ENTRIES)
    assert {"US", "GT", "HN"} <= {entry.side for entry in ENTRIES}
    for path in SHIPPED.glob("*.yaml"):
        assert "`verified: null` means that nobody has seen this address work yet" in path.read_text(encoding="utf-8")
