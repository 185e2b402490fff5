"""Lexicons: a language is data. `<code>.yaml` beside this file holds its words, this loads and compiles them.

Each entry of a pattern group is a regular expression over whole words and an example sentence; a test finds every
pattern in its example, so the data documents itself. A new language is a new file.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import Pattern

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

FOLDER = Path(__file__).parent
CUE_GROUPS = ("speech", "confirm", "deny", "reject", "withdraw", "no_comment")
PATTERN_GROUPS = ("sign", "make", "exist", "agreement", "anaphora", "assent", "claim_nouns", "negation", "not_negation", "falsehood",
                  "irrealis", "negotiating", "questions", "background", "roles", "institutions", "pronouns", "both", "critics")


class LexiconError(ValueError):
    """A lexicon file that cannot be used: names the file, the key and what was expected."""


class LexiconFile(BaseModel):
    """The schema of one language's file."""

    model_config = ConfigDict(extra="forbid")

    language: str
    cues: dict[str, dict[str, str]]
    sign: dict[str, str]
    make: dict[str, str]
    exist: dict[str, str]
    agreement: dict[str, str]
    anaphora: dict[str, str]
    assent: dict[str, str]
    claim_nouns: dict[str, str]
    negation: dict[str, str]
    not_negation: dict[str, str]
    falsehood: dict[str, str]
    irrealis: dict[str, str]
    negotiating: dict[str, str]
    questions: dict[str, str]
    background: dict[str, str]
    stages: dict[str, dict[str, str]]
    roles: dict[str, str]
    institutions: dict[str, str]
    pronouns: dict[str, str]
    both: dict[str, str]
    critics: dict[str, str]
    boundaries: list[str]
    honorifics: list[str]
    particles: list[str]
    kinds: dict[str, str]
    of: str
    modifiers_before: bool
    function_words: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words, compiled: one pattern a group, matched without regard to case."""

    language: str
    cues: dict[str, Pattern[str]]      # by group: speech, confirm, deny, reject, withdraw, no_comment
    groups: dict[str, Pattern[str]]    # by name in PATTERN_GROUPS, and `boundary`
    kinds: dict[str, Pattern[str]]
    stages: dict[str, Pattern[str]]    # by stage of an agreement, the earliest first
    honorifics: frozenset[str]
    particles: frozenset[str]
    of: str                            # what ties a complement to its head noun
    modifiers_before: bool             # whether modifiers stand before their noun, as in English
    function_words: frozenset[str]

    def __getitem__(self, group: str) -> Pattern[str]:
        """The compiled pattern of a group."""
        return self.groups[group]


def whole_words(alternatives: list[str]) -> Pattern[str]:
    """One pattern that finds any of `alternatives` as whole words, the longest-listed first."""
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{a})" for a in alternatives) + r")(?!\w)", re.IGNORECASE)


def read_file(path: Path) -> LexiconFile:
    """Read and validate one lexicon file; raises LexiconError with file, key and reason."""
    try:
        return LexiconFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise LexiconError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lexicon of a language, or None where there is none."""
    path = FOLDER / f"{language}.yaml"
    if not path.is_file():
        return None
    data = read_file(path)
    groups = {name: whole_words(list(getattr(data, name))) for name in PATTERN_GROUPS}
    groups["boundary"] = whole_words(data.boundaries)
    return Lexicon(
        language=data.language,
        cues={name: whole_words(list(data.cues[name])) for name in CUE_GROUPS},
        groups=groups,
        kinds={kind: whole_words([words]) for kind, words in data.kinds.items()},
        stages={stage: whole_words(list(words)) for stage, words in data.stages.items()},
        honorifics=frozenset(data.honorifics),
        particles=frozenset(data.particles),
        of=data.of,
        modifiers_before=data.modifiers_before,
        function_words=frozenset(data.function_words.split()),
    )
