from extract.statement import Stance
from ledger.edits import Said, changes


def said(side: str, stance: Stance, quote: str = "we signed") -> Said:
    return Said(side, stance, "Ana Paz", quote)


def words(before: list[Said], after: list[Said]) -> list[str]:
    return [change.words for change in changes(before, after)]


def test_the_same_in_other_words_is_no_change() -> None:
    assert words([said("KE", Stance.confirms, "we signed")], [said("KE", Stance.confirms, "we have signed it")]) == []


def test_what_came_and_what_went_is_told() -> None:
    assert words([said("KE", Stance.confirms)], [said("UG", Stance.denies, "we signed nothing")]) == [
        "Uganda denies: “we signed nothing” was added", "Kenya confirms: “we signed” was taken out"]


def test_a_side_that_says_the_opposite_is_one_change() -> None:
    assert words([said("KE", Stance.confirms)], [said("KE", Stance.denies, "we signed nothing")]) == [
        "Kenya denies it now and confirms it before: “we signed” became “we signed nothing”"]


def test_a_second_statement_of_a_side_counts() -> None:
    assert words([said("KE", Stance.confirms)], [said("KE", Stance.confirms), said("KE", Stance.confirms, "in force")]) == [
        "Kenya confirms: “in force” was added"]
