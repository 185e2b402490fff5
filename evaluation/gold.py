"""What a case holds: the articles of one real-world story, and the answer that a careful analyst would give for them.

These are the values of a case file as its author wrote them, checked in form as they come in; that they fit together is
checked in `evaluation.cases`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from extract.document import Kind
from extract.statement import Stance

MIXED = "mixed"
"""The language of a case whose articles are not all in one."""

STRICT = ConfigDict(extra="forbid")


def _written(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty: write it out")
    return value


Text = Annotated[str, AfterValidator(_written)]
Evidence = Annotated[tuple[Text, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""Exact substrings of an article's text, each as good as the others; a single one may stand without a list."""


def _nothing_is_empty(value: object) -> object:
    return () if value is None else value


def _no_aliases(value: object) -> object:
    return {} if value is None else value


@dataclass(config=STRICT, frozen=True, slots=True)
class CaseSource:
    """Who published an article of a case."""

    name: Text
    kind: Kind
    side: Text | None = None


@dataclass(config=STRICT, frozen=True, slots=True)
class CaseArticle:
    """One article or press release of a case. Offsets of evidence count code points of `text`."""

    id: Text
    source: CaseSource
    language: Literal["en", "es", "fr", "pt"]
    published: AwareDatetime
    title: Text
    text: Text


@dataclass(config=STRICT, frozen=True, slots=True)
class GoldAgreement:
    """An agreement that the articles tell of; `same_as` names it as `case/agreement` where another case tells of it too."""

    id: Text
    kind: Text
    parties: tuple[Text, ...]
    same_as: Text | None = None


@dataclass(config=STRICT, frozen=True, slots=True)
class GoldStatement:
    """Who says what about which agreement, and every place of the article where it is said."""

    article: Text
    side: Text
    speaker: Text
    stance: Stance
    agreement: Text
    evidence: Evidence


@dataclass(config=STRICT, frozen=True, slots=True)
class GoldContradiction:
    """Two sides that say opposite things of one agreement."""

    agreement: Text
    sides: tuple[Text, Text]


@dataclass(config=STRICT, frozen=True, slots=True)
class GoldReversal:
    """A side that changed its word on an agreement."""

    agreement: Text
    side: Text


@dataclass(config=STRICT, frozen=True, slots=True)
class Case:
    """One story. `aliases` gives every form that its text uses for a side that is no country."""

    id: Text
    about: Text
    articles: tuple[CaseArticle, ...]
    agreements: Annotated[tuple[GoldAgreement, ...], BeforeValidator(_nothing_is_empty)] = ()
    statements: Annotated[tuple[GoldStatement, ...], BeforeValidator(_nothing_is_empty)] = ()
    contradictions: Annotated[tuple[GoldContradiction, ...], BeforeValidator(_nothing_is_empty)] = ()
    reversals: Annotated[tuple[GoldReversal, ...], BeforeValidator(_nothing_is_empty)] = ()
    aliases: Annotated[dict[str, tuple[Text, ...]], BeforeValidator(_no_aliases)] = Field(default_factory=dict)
    checked_pairs: bool = False
    """True where sides oppose each other and are meant not to be listed (years apart, say)."""

    @property
    def language(self) -> str:
        """The language of all its articles, or `mixed`."""
        languages = {article.language for article in self.articles}
        return languages.pop() if len(languages) == 1 else MIXED
