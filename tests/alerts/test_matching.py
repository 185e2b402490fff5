from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.matching import Reason, SilenceFacts, SubscriptionFacts, hears
from ledger.finding import Finding

EVERYTHING = SubscriptionFacts(id=7, name="Desk")


@pytest.mark.parametrize(("wanted", "reason"), [
    ({}, Reason.follows_everything),
    ({"sides": frozenset({"GT"})}, Reason.follows_this),
    ({"sides": frozenset({"us", "FR"})}, Reason.follows_this),
    ({"kinds": frozenset({"Asylum"})}, Reason.follows_this),
    ({"findings": frozenset({"contradiction"})}, Reason.follows_everything),
    ({"min_confidence": 0.91}, Reason.follows_everything),
    ({"sides": frozenset({"FR"})}, Reason.other_side),
    ({"kinds": frozenset({"trade"})}, Reason.other_kind),
    ({"findings": frozenset({"reversal"})}, Reason.other_finding),
    ({"min_confidence": 0.92}, Reason.too_uncertain),
    ({"enabled": False}, Reason.disabled),
])
def test_a_subscription_hears_what_it_asks_for(contradiction: Finding, now: datetime, wanted: dict[str, object],
                                               reason: Reason) -> None:
    decision = hears(replace(EVERYTHING, **wanted), contradiction, [], now)
    assert decision.reason is reason
    assert decision.tell is (reason in {Reason.follows_everything, Reason.follows_this})
    assert decision.words


def test_a_party_that_does_not_speak_is_not_a_side_of_the_finding(contradiction: Finding, now: datetime) -> None:
    wider = replace(contradiction, parties=("GT", "HN", "US"))
    assert not hears(replace(EVERYTHING, sides=frozenset({"HN"})), wider, [], now).tell


@pytest.mark.parametrize(("silence", "quiet"), [
    ({}, True),
    ({"subscription_id": 7}, True), ({"subscription_id": 8}, False),
    ({"agreement_id": "a93e000000000001"}, True), ({"agreement_id": "another"}, False),
    ({"side": "gt"}, True), ({"side": "HN"}, False),
    ({"subscription_id": 7, "agreement_id": "a93e000000000001", "side": "US"}, True),
    ({"subscription_id": 7, "agreement_id": "another", "side": "US"}, False),
])
def test_a_silence_keeps_quiet_about_what_it_names(contradiction: Finding, now: datetime, silence: dict[str, object],
                                                   quiet: bool) -> None:
    facts = SilenceFacts(until=now + timedelta(hours=1), who="Ana", why="we know", **silence)  # type: ignore[arg-type]
    decision = hears(EVERYTHING, contradiction, [facts], now)
    assert decision.tell is not quiet
    if quiet:
        assert decision.words == "silenced until 27 June 2025, 07:00 UTC by Ana: we know"


def test_a_silence_ends_at_its_time(contradiction: Finding, now: datetime) -> None:
    assert hears(EVERYTHING, contradiction, [SilenceFacts(until=now, who="Ana", why="we know")], now).tell


@pytest.mark.parametrize(("wanted", "words"), [
    ({}, "Your subscription “Desk” follows everything."),
    ({"sides": frozenset({"US", "GT"})}, "Your subscription “Desk” follows Guatemala or the United States."),
    ({"kinds": frozenset({"asylum", "mou"}), "sides": frozenset({"GT"}), "min_confidence": 0.7},
     "Your subscription “Desk” follows asylum or memorandum agreements of Guatemala, from 70% confidence."),
])
def test_the_subscriber_reads_why(contradiction: Finding, now: datetime, wanted: dict[str, object], words: str) -> None:
    assert hears(replace(EVERYTHING, **wanted), contradiction, [], now).words == words
