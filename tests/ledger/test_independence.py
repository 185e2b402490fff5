from datetime import UTC, datetime, timedelta

from extract.fingerprint import fingerprint
from ledger.independence import Telling, independent

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
WIRE = " ".join(f"The minister said on Friday that clause {n} of the accord on the river ports would be published in gazette number {n * 7}." for n in range(12))
OWN = " ".join(f"Our correspondent spoke to fishermen at quay {n}, who had heard of no accord and wondered about lot {n * 3}." for n in range(12))


def telling(name: str, source: str, text: str | None, hours: float = 0) -> Telling:
    return Telling(name, source, fingerprint(text) if text else None, NOW + timedelta(hours=hours))


def test_a_copy_with_another_opening_counts_as_the_wire_it_was_taken_from() -> None:
    copied = "Compiled by our newsroom. " + WIRE
    assert independent([telling("b", "The Daily", copied, 2), telling("a", "Coast Wire", WIRE)]) == ("Coast Wire",)


def test_a_paper_that_also_writes_of_its_own_counts() -> None:
    assert independent([telling("a", "Coast Wire", WIRE), telling("b", "The Daily", WIRE, 1), telling("c", "The Daily", OWN, 2)]) == ("Coast Wire", "The Daily")


def test_a_source_counts_once() -> None:
    assert independent([telling("a", "Coast Wire", WIRE), telling("b", "Coast Wire", OWN, 1)]) == ("Coast Wire",)


def test_texts_without_a_fingerprint_are_no_copies_of_each_other() -> None:
    assert independent([telling("a", "Coast Wire", None), telling("b", "The Daily", None, 1)]) == ("Coast Wire", "The Daily")
