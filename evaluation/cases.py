"""The evaluation cases: real-world stories with the answer that a careful analyst would give, one YAML file each.

This is the edge where what a person wrote becomes values. A file is checked in full before anything is scored, because
a slip in the answers (a misspelt key, a quotation that is not in its article) would pass for a mistake of the reader.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from evaluation.gold import Case
from extract.document import Kind


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake in a case file: where it stands and what to do about it."""

    place: tuple[str | int, ...]
    what: str
    file: str = ""
    line: int = 1

    def __str__(self) -> str:
        """As an editor or a person finds the place: `file:line: key: what to do`."""
        key = ".".join(str(part) for part in self.place)
        return f"{self.file}:{self.line}: {key + ': ' if key else ''}{self.what}"


class CaseError(Exception):
    """Case files that cannot be scored as they stand; `complaints` holds every mistake in every file."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        """Keep the complaints; the message has one line for each."""
        self.complaints = tuple(complaints)
        super().__init__("\n".join(str(complaint) for complaint in complaints))


def load_cases(folder: Path) -> tuple[Case, ...]:
    """Every `*.yaml` in `folder`, in order of file name.

    Raises CaseError with all mistakes of all files, each with its file, line and key.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise CaseError([Complaint((), "no case files (*.yaml) in this folder: name the one that holds them", str(folder))])
    cases: list[Case] = []
    complaints: list[Complaint] = []
    for path in paths:
        try:
            cases.append(load_case(path))
        except CaseError as error:
            complaints.extend(error.complaints)
    if complaints:
        raise CaseError(complaints)
    return tuple(cases)


def load_case(path: Path) -> Case:
    """The case in one file. Raises CaseError with everything that is wrong in it."""
    try:
        body = path.read_text(encoding="utf-8")
        case = TypeAdapter(Case).validate_python(yaml.safe_load(body))
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8"
        raise CaseError([Complaint((), what, path.name)]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CaseError([Complaint((), f"is not YAML: {error.problem}", path.name, line)]) from error
    except ValidationError as error:
        found = [Complaint(item["loc"], _in_words(item["type"], item["msg"], item["input"])) for item in error.errors()]
        raise CaseError([_placed(complaint, path.name, body) for complaint in found]) from error
    found = [complaint for rule in RULES for complaint in rule(case)]
    if case.id != path.stem:
        found.insert(0, Complaint(("id",), f"is {case.id}, but the file is named {path.stem}: make them the same"))
    if found:
        raise CaseError([_placed(complaint, path.name, body) for complaint in found])
    return case


def lines(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The articles of the cases as `sayso analyse` reads them, oldest first; an article's id is `case/article`."""
    articles = [(case, article) for case in cases for article in case.articles]
    return [
        {
            "id": f"{case.id}/{article.id}",
            "source": {"name": article.source.name, "kind": article.source.kind.value, "side": article.source.side},
            "language": article.language,
            "published": article.published.isoformat(),
            "title": article.title,
            "text": article.text,
        }
        for case, article in sorted(articles, key=lambda pair: pair[1].published)
    ]


def _ids_are_unique(case: Case) -> Iterator[Complaint]:
    ids = {"articles": [article.id for article in case.articles], "agreements": [agreement.id for agreement in case.agreements]}
    for key, names in ids.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                yield Complaint((key, index, "id"), f"{name} is taken in this case: choose another id")


def _press_offices_have_a_side(case: Case) -> Iterator[Complaint]:
    for index, article in enumerate(case.articles):
        if (article.source.kind == Kind.press_office) != (article.source.side is not None):
            yield Complaint(("articles", index, "source"), "a press office has a side, an outlet has null")


def _names_are_known(case: Case) -> Iterator[Complaint]:
    articles, agreements = {article.id for article in case.articles}, {agreement.id for agreement in case.agreements}
    for index, statement in enumerate(case.statements):
        if statement.article not in articles:
            yield Complaint(("statements", index, "article"), f"no article {statement.article}: {_known(articles)}")
    named = {
        "statements": [item.agreement for item in case.statements],
        "contradictions": [item.agreement for item in case.contradictions],
        "reversals": [item.agreement for item in case.reversals],
    }
    for key, names in named.items():
        for index, name in enumerate(names):
            if name not in agreements:
                yield Complaint((key, index, "agreement"), f"no agreement {name}: {_known(agreements)}")


def _evidence_stands_in_the_text(case: Case) -> Iterator[Complaint]:
    texts = {article.id: article.text for article in case.articles}
    for index, statement in enumerate(case.statements):
        for piece in statement.evidence:
            if piece not in texts.get(statement.article, piece):
                what = f"{piece!r} is no substring of {statement.article}'s text: copy the words exactly as they stand there"
                yield Complaint(("statements", index, "evidence"), what)


def _sides_are_codes_or_have_aliases(case: Case) -> Iterator[Complaint]:
    for index, statement in enumerate(case.statements):
        side = statement.side
        if not (len(side) == 2 and side.isupper()) and side != "NATO" and side not in case.aliases:
            what = f"{side} is no two-letter code, so it needs its forms: add `{side}: [...]` under aliases"
            yield Complaint(("statements", index, "side"), what)


def _opposed_sides_are_listed(case: Case) -> Iterator[Complaint]:
    said = {polarity: {(s.agreement, s.side) for s in case.statements if s.stance.polarity == polarity} for polarity in (1, -1)}
    opposed = {(agreement, frozenset((one, two))) for agreement, one in said[1] for other, two in said[-1]
               if agreement == other and one != two}
    told = {(item.agreement, frozenset(item.sides)) for item in case.contradictions}
    for index, item in enumerate(case.contradictions):
        if (item.agreement, frozenset(item.sides)) not in opposed:
            who = " and ".join(item.sides)
            what = f"{who} do not oppose each other on {item.agreement}: one must confirm, one deny or reject"
            yield Complaint(("contradictions", index), what)
    for agreement, pair in sorted(opposed - told, key=lambda key: (key[0], sorted(key[1]))):
        if not case.checked_pairs:
            what = f"{' and '.join(sorted(pair))} oppose each other on {agreement}: list them, or set checked_pairs: true"
            yield Complaint(("contradictions",), what)


RULES: tuple[Callable[[Case], Iterator[Complaint]], ...] = (
    _ids_are_unique, _press_offices_have_a_side, _names_are_known, _evidence_stands_in_the_text,
    _sides_are_codes_or_have_aliases, _opposed_sides_are_listed,
)


def _known(names: set[str]) -> str:
    return "known are " + ", ".join(sorted(names)) if names else "this case lists none"


def _in_words(kind: str, message: str, value: object) -> str:
    if kind == "missing":
        return "is missing: add it"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return "is no key of this place: correct its spelling or take it out"
    if isinstance(value, bool) and kind == "string_type":
        return f"YAML reads this word as {value}: put it in quotes"
    return f"{message.removeprefix('Value error, ')}, found {str(value)[:60]!r}"


def _placed(complaint: Complaint, file: str, body: str) -> Complaint:
    """The complaint with its file and the line where its key stands, or the nearest thing around it."""
    node = yaml.compose(body, Loader=yaml.SafeLoader)
    line = 1
    for part in complaint.place:
        following = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    line, following = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            following = node.value[part]
            line = following.start_mark.line + 1
        if following is None:
            break
        node = following
    return replace(complaint, file=file, line=line)
