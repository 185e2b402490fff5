"""What the JSON API answers with: the store's frozen values in the shape that is promised to programs.

The shape is kept apart from the store's, so that a column can move without an answer changing under somebody.
"""

from collections.abc import Callable, Sequence

from pydantic import AwareDatetime, BaseModel, Field

from store.clocks import ClockReading
from store.evidence import FindingReading, StatementReading
from store.readings import AgreementReading
from web.wording import side_name


class Side(BaseModel):
    """Who is bound by what is said."""

    code: str = Field(description="ISO 3166-1 alpha-2, EU, UN, NATO, or the name of a side that is no country.")
    name: str = Field(description="In English words.")


class Standing(BaseModel):
    """What a side says at present."""

    side: Side
    stance: str
    statement: str = Field(description="Id of the statement that this rests on.")
    speaker: str
    said_at: AwareDatetime


class Agreement(BaseModel):
    """An agreement with every side's present stance."""

    id: str
    label: str
    kind: str
    parties: list[Side]
    names: list[str] = Field(description="What it is called, in every language seen.")
    first_at: AwareDatetime
    last_at: AwareDatetime
    standings: list[Standing]
    page: str = Field(description="Where people read it.")


class Place(BaseModel):
    """Where the evidence stands in its article: code points into the text, or into the title."""

    start: int
    end: int
    in_title: bool


class Statement(BaseModel):
    """Who said what of which agreement, with the evidence."""

    id: str
    side: Side
    stance: str
    stage: str | None = Field(description="How far along the agreement is said, or denied, to be; null where no word tells.")
    speaker: str
    role: str | None
    quote: str = Field(description="Verbatim, in the article's language.")
    language: str | None
    said_at: AwareDatetime
    confidence: float
    agreement: str | None = Field(description="Id of the agreement; null until it is judged.")
    source: str
    official: bool = Field(description="A press office's own words.")
    article: str
    title: str
    url: str
    evidence: Place
    reasons: list[str] = Field(description="How the sentence was read, step by step.")
    identity_reason: str | None = Field(description="Why it was put to that agreement.")
    page: str = Field(description="Where people read it, marked in its article.")


class Sentence(BaseModel):
    """One of the two sentences of a finding."""

    statement: str = Field(description="Its id.")
    side: Side
    stance: str
    speaker: str
    role: str | None
    quote: str
    language: str | None
    said_at: AwareDatetime
    source: str
    official: bool
    url: str
    page: str


class Contradiction(BaseModel):
    """Two sides, opposed stances, one agreement."""

    id: str
    agreement: str
    label: str
    kind: str
    confirms: Sentence
    denies: Sentence = Field(description="The sentence that denies or rejects.")
    reason: str
    confidence: float
    opened_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None
    closed_reason: str | None


class Reversal(BaseModel):
    """One side, opposed stances, one agreement."""

    id: str
    agreement: str
    side: Side
    before: Sentence
    after: Sentence
    reason: str
    opened_at: AwareDatetime


class Clock(BaseModel):
    """How a party answers another side's claim of an agreement with it."""

    side: Side
    answer: str = Field(description="waiting, confirmed, denied, rejected, negotiating, withdrawn, declined or silent.")
    started_at: AwareDatetime
    due_at: AwareDatetime | None = Field(description="When it is looked at next; null where it is answered, or silent.")
    statement: str | None = Field(description="The statement that answers.")
    reason: str


class AgreementInFull(Agreement):
    """An agreement with its contradictions, its reversals and who has yet to answer."""

    contradictions: list[Contradiction]
    reversals: list[Reversal]
    clocks: list[Clock]


class Agreements(BaseModel):
    """A page of agreements, the last changed first."""

    items: list[Agreement]
    next: str | None = Field(description="The address of the next page; null on the last.")


class Statements(BaseModel):
    """A page of statements, the last said first."""

    items: list[Statement]
    next: str | None = Field(description="The address of the next page; null on the last.")


class Contradictions(BaseModel):
    """A page of contradictions, the last opened first."""

    items: list[Contradiction]
    next: str | None = Field(description="The address of the next page; null on the last.")


Address = Callable[[str], str]
"""From a path of ours to the address that is given out."""


def side(code: str) -> Side:
    """A side with its name."""
    return Side(code=code, name=side_name(code))


def agreement(found: AgreementReading, address: Address) -> Agreement:
    """An agreement as it is answered."""
    standings = [Standing(side=side(one.side), stance=one.stance, statement=one.statement_id, speaker=one.speaker,
                          said_at=one.said_at) for one in found.standings]
    return Agreement(
        id=found.id, label=found.label, kind=found.kind, parties=[side(code) for code in found.parties], names=list(found.names),
        first_at=found.first_at, last_at=found.last_at, standings=standings, page=address(f"/agreements/{found.id}"),
    )


def in_full(found: AgreementReading, contradictions: Sequence[FindingReading], reversals: Sequence[FindingReading],
            clocks: Sequence[ClockReading], address: Address) -> AgreementInFull:
    """An agreement with all that was found about it."""
    return AgreementInFull(
        **dict(agreement(found, address)), contradictions=[contradiction(one, address) for one in contradictions],
        reversals=[reversal(one, address) for one in reversals],
        clocks=[Clock(side=side(one.side), answer=one.answer, started_at=one.started_at, due_at=one.due_at, statement=one.answer_statement,
                      reason=one.reason) for one in clocks],
    )


def statement(found: StatementReading, address: Address) -> Statement:
    """A statement as it is answered."""
    said = found.evidence
    return Statement(
        id=said.statement_id, side=side(said.side), stance=said.stance, stage=found.stage, speaker=said.speaker, role=said.role,
        quote=said.quote, language=said.language, said_at=said.said_at, confidence=said.confidence, agreement=found.agreement_id,
        source=said.source, official=said.official, article=said.article_id, title=said.title, url=said.url,
        evidence=Place(start=found.start, end=found.end, in_title=found.in_title), reasons=list(found.reasons),
        identity_reason=found.identity_reason, page=_marked(said.article_id, said.statement_id, address),
    )


def contradiction(found: FindingReading, address: Address) -> Contradiction:
    """A contradiction as it is answered."""
    about = found.finding
    return Contradiction(
        id=about.id, agreement=about.agreement_id, label=about.label, kind=about.kind,
        confirms=_sentence(found, address, first=True), denies=_sentence(found, address, first=False), reason=about.reason,
        confidence=about.confidence, opened_at=about.opened_at, updated_at=found.updated_at, closed_at=found.closed_at,
        closed_reason=found.closed_reason,
    )


def reversal(found: FindingReading, address: Address) -> Reversal:
    """A reversal as it is answered."""
    about = found.finding
    return Reversal(
        id=about.id, agreement=about.agreement_id, side=side(about.first.side), before=_sentence(found, address, first=True),
        after=_sentence(found, address, first=False), reason=about.reason, opened_at=about.opened_at,
    )


def _sentence(found: FindingReading, address: Address, *, first: bool) -> Sentence:
    said = found.finding.first if first else found.finding.second
    return Sentence(
        statement=said.statement_id, side=side(said.side), stance=said.stance, speaker=said.speaker, role=said.role,
        quote=said.quote, language=said.language, said_at=said.said_at, source=said.source, official=said.official, url=said.url,
        page=_marked(said.article_id, said.statement_id, address),
    )


def _marked(article_id: str, statement_id: str, address: Address) -> str:
    return address(f"/articles/{article_id}?statement={statement_id}#{statement_id}")
