from datetime import UTC, datetime, timedelta

from extract.statement import Stance
from ledger.claim import Claim
from ledger.clocks import Answer, Watch, clocks, listened

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
TWO_DAYS = timedelta(hours=48)


def claim(name: str, side: str, stance: Stance, *, hours: float = 0, parties: tuple[str, ...] = ("GT", "HN", "US")) -> Claim:
    return Claim(name, f"article-{name}", side, stance, frozenset(parties), "asylum", frozenset(), NOW + timedelta(hours=hours), 0.9, False)


def answers(*claims: Claim) -> dict[str, tuple[Answer, str | None]]:
    return {clock.side: (clock.answer, clock.answered.id if clock.answered else None) for clock in clocks(claims)}


def test_each_party_that_is_named_in_a_claim_has_a_clock_and_the_one_that_claims_has_none() -> None:
    assert answers(claim("1", "US", Stance.confirms)) == {"GT": (Answer.waiting, None), "HN": (Answer.waiting, None)}


def test_a_denial_starts_no_clock() -> None:
    assert answers(claim("1", "US", Stance.denies)) == {}


def test_what_a_party_says_is_its_answer_and_no_comment_is_one_where_it_says_nothing_else() -> None:
    found = answers(claim("1", "US", Stance.confirms), claim("2", "GT", Stance.no_comment, hours=1), claim("3", "GT", Stance.denies, hours=5),
                    claim("4", "HN", Stance.no_comment, hours=2))
    assert found == {"GT": (Answer.denied, "3"), "HN": (Answer.declined, "4")}


def test_a_word_before_the_claim_answers_it_too() -> None:
    assert answers(claim("0", "GT", Stance.rejects, hours=-30), claim("1", "US", Stance.confirms))["GT"] == (Answer.rejected, "0")


def test_two_sides_that_confirm_answer_each_other() -> None:
    found = answers(claim("1", "US", Stance.confirms, parties=("GT", "US")), claim("2", "GT", Stance.confirms, hours=1, parties=("GT", "US")))
    assert found == {"GT": (Answer.confirmed, "2"), "US": (Answer.confirmed, "1")}


def test_a_party_is_silent_after_two_days_in_which_its_press_office_could_be_read() -> None:
    heard = listened("GT", NOW, [Watch("Cancillería", NOW - timedelta(days=30), NOW + TWO_DAYS)], TWO_DAYS, NOW + TWO_DAYS)
    assert (heard.answer, heard.due_at) == (Answer.silent, None)
    assert heard.reason == "Guatemala said nothing of it for 48 hours, while Cancillería could be read all the time"


def test_before_that_it_is_waited_for() -> None:
    heard = listened("GT", NOW, [Watch("Cancillería", NOW - timedelta(days=30), NOW + TWO_DAYS)], TWO_DAYS, NOW + timedelta(hours=47))
    assert (heard.answer, heard.due_at) == (Answer.waiting, NOW + TWO_DAYS)


def test_the_clock_begins_anew_after_its_press_office_was_out_of_reach() -> None:
    back = NOW + timedelta(hours=40)
    heard = listened("GT", NOW, [Watch("Cancillería", back, NOW + TWO_DAYS)], TWO_DAYS, NOW + TWO_DAYS)
    assert (heard.answer, heard.due_at) == (Answer.waiting, back + TWO_DAYS)


def test_the_clock_stands_still_while_its_press_office_is_out_of_reach() -> None:
    heard = listened("GT", NOW, [Watch("Cancillería", None, NOW)], TWO_DAYS, NOW + timedelta(days=9))
    assert heard.answer is Answer.waiting
    assert "stands still" in heard.reason


def test_one_press_office_that_was_read_all_the_time_is_enough() -> None:
    heard = listened("GT", NOW, [Watch("Cancillería", None, NOW), Watch("Presidencia", NOW, NOW + TWO_DAYS)], TWO_DAYS, NOW + TWO_DAYS)
    assert heard.answer is Answer.silent
    assert "Presidencia" in heard.reason
    assert "Cancillería" not in heard.reason


def test_nothing_is_concluded_of_a_side_that_is_not_followed() -> None:
    heard = listened("GT", NOW, [], TWO_DAYS, NOW + timedelta(days=9))
    assert heard.answer is Answer.waiting
    assert heard.reason == "no press office of Guatemala is followed, so that its silence says nothing"


def test_a_press_office_that_was_not_read_since_the_claim_tells_nothing_yet() -> None:
    heard = listened("GT", NOW, [Watch("Cancillería", NOW - timedelta(days=30), NOW - timedelta(hours=1))], TWO_DAYS, NOW + TWO_DAYS)
    assert (heard.answer, heard.due_at) == (Answer.waiting, NOW + TWO_DAYS + timedelta(minutes=5))
