"""Who is named in a sentence: people with their roles, institutions, sides, pronouns; and the cast of the article.

A role or an institution is a noun phrase grown from its head word: to the left in English ("Honduras' immigration
director Wilson Paz"), to the right elsewhere ("el director del Instituto Nacional de Migración (INM), Wilson Paz").
Growing by function words and capitals works without a parse, which Portuguese does not have.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from extract.document import Document
from extract.lexicon import Lexicon
from extract.lexicon import lexicon as load_lexicon
from extract.names import folded
from extract.people import office_holder, side_of_person
from extract.sides import SideMention

_WORD = re.compile(r"\w[\w'’.&/-]*\w\.?|\w")
_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’-]*\.?"
_PLACE_BEFORE = re.compile(r"(?:^|\s)(?:in|to|at|near|from|on|en|a|ante|desde|à|au|aux|em|no|na)\s(?:the\s|la\s|el\s|los\s|las\s|les\s)?$",
                           re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:^|\s)(?:its|his|her|their|su|sus|son|sa|ses|leurs?|seus?|suas?)\s", re.IGNORECASE)
_ADJECTIVE = re.compile(r"\s(?:presidencial|adjunt[oa]|especial|permanente|principal|nacional|interin[oa]|federal|ejecutiv[oa]|oficial|titular)\b")
_STATE_OWNED = re.compile(r"\b(?:national|state|nacional|estatal|nationale?|estadual)\b.*\b(?:company|firm|empresa|compañía|compagnie|companhia)\b",
                          re.IGNORECASE)
_BETWEEN = r"(?:\s(?:had|has|have|also|later|then|again|too|on|ha|han|había|habían|también|lo|la|le|se|luego|ya|\w+day|\d+|ayer|el|martes|" \
           r"lunes|miércoles|jueves|viernes|sábado|domingo|in|en|a|earlier|never|no|nunca)){0,4}\s$"
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
                  "september october november december asked question answer".split())
# French adjectives: those that end a complement ("des Affaires étrangères"), and those of a role ("directeur général")
_OF_WHAT_FR = r"\s(?!\w+(?:aise|oise|enne|aine)s?\b|(?:ind|expl|répl|rev|mét)\w+)" \
              r"[a-zà-ÿ]+(?:ères?|ales?|ures?|elles?|iques?|aires?|aux|ionale?|érieure?s?|marchande)\b"
_WHICH_FR = r"\s(?:générale?|financi(?:er|ère)|fédérale?|régionale?|permanente?|exécuti(?:f|ve)|" \
            r"gouvernementale?|adjointe?|unies)\b"
BESIDE = 180      # characters before a cue in which a name that speaks begins
MAX_LEFT = 6      # words that an English phrase may grow to the left


class ActorType(StrEnum):
    """What kind of mention an actor is."""

    person = "person"
    role = "role"
    institution = "institution"
    side = "side"
    pronoun = "pronoun"
    both = "both"


@dataclass(frozen=True, slots=True)
class Actor:
    """A mention of somebody who can speak: offsets into the text it was found in."""

    start: int
    end: int
    type: ActorType
    text: str
    name: str | None = None       # a person's name
    role: str | None = None       # the phrase that says what they are
    side: str | None = None
    critic: bool = False          # somebody whose words bind no side
    possessive: bool = False      # "its minister": the side is whoever was last spoken of
    how: str | None = None        # for a side: name, capital, seat or institution


@dataclass(slots=True)
class Cast:
    """Who has appeared in the article so far, so that "Paz said" and "the ministry said" are enough later."""

    document: Document
    people: dict[str, Actor] = field(default_factory=dict)         # by last name
    heads: dict[str, Actor] = field(default_factory=dict)          # by head word of the role or institution

    def names(self) -> set[str]:
        """The whole names of the people, folded; one word alone may be anything's name."""
        return {folded(person.name) for person in self.people.values() if person.name and " " in person.name}

    def remember(self, actor: Actor) -> None:
        """Keep a person or an institution; a mention that tells more replaces one that told less."""
        if actor.name:
            known = self.people.get(last_name(actor.name))
            if known is None or (known.side is None and actor.side) or (known.role is None and actor.role):
                self.people[last_name(actor.name)] = actor
        if actor.role and (actor.side or actor.critic):
            for word in _WORD.findall(actor.role.lower()):
                if len(word) > 4:
                    self.heads[word] = actor

    def named(self, actor: Actor) -> Actor:
        """The actor with what earlier mentions of the same person tell."""
        if actor.name and (known := self.people.get(last_name(actor.name))):
            fuller = known.name if known.name and len(known.name) > len(actor.name) else actor.name
            actor = replace(actor, name=fuller, role=actor.role or known.role, side=actor.side or known.side,
                            critic=actor.critic or (known.critic and not actor.side))
        if actor.name and actor.side is None and not actor.critic and (side := side_of_person(actor.name, self.document)):
            holder = office_holder(actor.name, self.document.published)
            actor = replace(actor, side=side, role=actor.role or (holder.role if holder else None))
        return actor

    def only_person_of(self, side: str) -> Actor | None:
        """The one named person of a side, if there is exactly one: who "the American official" is."""
        people = [p for p in self.people.values() if p.side == side and not p.critic]
        return people[0] if len(people) == 1 else None

    def by_role(self, actor: Actor) -> Actor | None:
        """Who "the secretary" or "the ministry" is, if somebody of that role has appeared."""
        for word in reversed(_WORD.findall((actor.role or actor.text).lower())):
            known = self.heads.get(word)
            if known is not None and (known.type is ActorType.institution or actor.type is not ActorType.institution):
                return known
        return None


def find_actors(text: str, lexicon: Lexicon, mentions: list[SideMention], cast: Cast) -> list[Actor]:
    """The actors of one sentence in order, named people first where they overlap; adds new ones to the cast."""
    grammar = _grammar(lexicon.language)
    found = [Actor(m.start(), m.end(), ActorType.both, m.group()) for m in lexicon["both"].finditer(text)]
    for group, kind in (("roles", ActorType.role), ("institutions", ActorType.institution), ("critics", ActorType.role)):
        found += [grammar.phrase(text, m, kind, mentions) for m in lexicon[group].finditer(text)]
    found += grammar.known_names(text, cast)
    found += [s for s in grammar.strangers(text, mentions) if all(s.end <= f.start or s.start >= f.end for f in found)]
    found += [Actor(m.start, m.end, ActorType.side, text[m.start:m.end], side=m.side, how=str(m.how))
              for m in mentions if m.how != "demonym"]
    found += [Actor(m.start(), m.end(), ActorType.pronoun, m.group()) for m in lexicon["pronouns"].finditer(text)]
    kept: list[Actor] = []
    for actor in sorted(found, key=lambda a: (a.name is None, a.start - a.end, a.start)):
        if all(actor.end <= k.start or actor.start >= k.end for k in kept):
            kept.append(actor)
    kept = [cast.named(a) for a in sorted(kept, key=lambda a: a.start)]
    for actor in kept:
        cast.remember(actor)
    return kept


def last_name(name: str) -> str:
    """The last word of a name, folded: what later mentions use."""
    words = name.replace("’s", "").replace("'s", "").split()
    return words[-1].strip(".,'’").lower()


class _Grammar:
    """The small grammar of roles, institutions and names in one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        particles = "|".join(sorted(map(re.escape, lexicon.particles), key=len, reverse=True))
        titles = "|".join(sorted(map(re.escape, lexicon.honorifics), key=len, reverse=True))
        self.name = re.compile(rf"(?:(?:{titles})\s)?({_CAP}(?:\s(?:(?:{particles})\s){{0,2}}{_CAP}){{0,3}})")
        of = lexicon.of
        also = r"e(?:\sd[aeo]s?)?" if lexicon.language == "pt" else "y|e|and|et"      # "os governos do Chile e da Bolívia"
        self.complement = re.compile(rf"\s(?:{of})\s[\w.’'-]+(?:\s(?:{also})\s{_CAP}|,\s{_CAP}\s(?:{also})\s{_CAP}|\s{_CAP})*")
        if lexicon.language == "fr":      # "de l'Eau et de l'Énergie", "d'État", "des Affaires étrangères"
            self.complement = re.compile(rf"(?:\s(?:et|ou)|,)?\s(?:(?:{of})\s|d['’])(?:l['’])?(?!avoir|être)[\w’-]+"
                                         rf"(?:\s(?:et|ou)\s{_CAP}|\s{_CAP}|{_OF_WHAT_FR})*|{_WHICH_FR}")
        self.acronym = re.compile(r"\s\([A-Z][\w-]{1,9}\)")
        self.stop = frozenset(lexicon.function_words)

    def phrase(self, text: str, head: re.Match[str], kind: ActorType, mentions: list[SideMention]) -> Actor:
        """Grow the noun phrase around a head word, and read its name and side."""
        start = self._grow_left(text, head.start()) if self.lexicon.modifiers_before else head.start()
        end = self._grow_right(text, head.end(), mentions)
        end = self._before_name(text, head.end(), end, kind, mentions)
        role = text[start:end]
        name, name_start, name_end = self._name_beside(text, start, end, kind, mentions)
        critic = self.lexicon["critics"].search(role) is not None and not _STATE_OWNED.search(role)
        start, end = min(start, name_start), max(end, name_end)
        before = text[max(0, start - 8):start] + " "
        return Actor(start, end, ActorType.person if name else kind, text[start:end], name=name, role=role,
                     side=None if critic else self._side_of(text, start, end, mentions), critic=critic,
                     possessive=bool(_POSSESSIVE.search(before)))

    def known_names(self, text: str, cast: Cast) -> list[Actor]:
        """Mentions of people of the cast by their last name."""
        found = []
        for match in self.name.finditer(text):
            words = match.group(1).split()
            for at in range(len(words), 0, -1):
                known = cast.people.get(last_name(words[at - 1]))
                if known is not None:
                    start = match.start(1)
                    end = start + len(" ".join(words[:at]))
                    found.append(Actor(start, end, ActorType.person, text[start:end], name=" ".join(words[:at])))
                    break
        return found

    def strangers(self, text: str, mentions: list[SideMention]) -> list[Actor]:
        """Names that stand where a speaker does, beside a cue or first in the sentence, with nothing that says whose they are."""
        found = {}
        for group in ("speech", "confirm", "deny", "reject"):
            for cue in self.lexicon.cues[group].finditer(text):
                near = text[max(0, cue.start() - BESIDE):cue.start()]
                before = re.search(rf"(?<![\w.'’-])({self.name.pattern})(?:,\s[^,]{{2,80}},)?{_BETWEEN}", near)
                after = re.compile(rf"\s({self.name.pattern})(?=[,.;:]|$)").match(text, cue.end()) if group == "speech" else None
                for match, shift in ((before, max(0, cue.start() - BESIDE)), (after, 0)):
                    if match is None or not self._is_name(match, [], group=2, single=True):
                        continue
                    span = (match.start(2) + shift, match.end(2) + shift)
                    if not _overlaps(span, mentions):
                        found[span[0]] = match.group(2)
        first = re.match(rf"({self.name.pattern})(?=\s[a-zà-ÿ]|,\s(?:who|quien|que)\s)", text)
        if first and " " in first.group(2) and self._is_name(first, mentions, group=2, single=False) and not _overlaps(first.span(2), mentions):
            found[first.start(2)] = first.group(2)
        return [Actor(start, start + len(name), ActorType.person, name, name=name) for start, name in found.items()]

    def _grow_left(self, text: str, start: int) -> int:
        for count, match in enumerate(reversed(list(_WORD.finditer(text, max(0, start - 90), start)))):
            gap, word = text[match.end():start], match.group()
            if count >= MAX_LEFT or gap.strip(" '’") or word.lower() in self.stop:
                break
            if any(cue.fullmatch(word) for cue in self.lexicon.cues.values()) or self.lexicon["make"].fullmatch(word):
                break
            start = match.start()
        return start

    def _grow_right(self, text: str, end: int, mentions: list[SideMention]) -> int:
        while True:
            demonym = next((m for m in mentions if m.start == end + 1 and text[end] == " " and m.how == "demonym"), None)
            adjective = None if self.lexicon.modifiers_before else _ADJECTIVE.match(text, end)
            step = self.acronym.match(text, end) or adjective or self.complement.match(text, end)
            if demonym:
                end = demonym.end
            elif step:
                end = step.end()
            else:
                return end

    def _before_name(self, text: str, head_end: int, end: int, kind: ActorType, mentions: list[SideMention]) -> int:
        """Where the role ends in "Secretary of Homeland Security Kristi Noem": the last two of three or more capitals are the name."""
        run = re.search(rf"{_CAP}(?:\s{_CAP})+$", text[head_end:end])
        if not self.lexicon.modifiers_before or kind is ActorType.institution or run is None or len(run.group().split()) < 3:
            return end
        if self.lexicon["institutions"].search(run.group()):
            return end
        cut = end - len(" ".join(run.group().split()[-2:]))
        return end if any(m.start < end and m.end > cut for m in mentions) else cut - 1

    def _name_beside(self, text: str, start: int, end: int, kind: ActorType,
                     mentions: list[SideMention]) -> tuple[str | None, int, int]:
        """The name that a role goes with: "… minister Ana Díaz", "…, Ana Díaz," or "Ana Díaz, the minister"."""
        if kind is ActorType.institution and not self.lexicon["roles"].search(text[start:end]):
            return None, start, end
        gap = 2 if text[end:end + 2] == ", " else 1 if text[end:end + 1] == " " else 0
        match = self.name.match(text, end + gap) if gap else None
        closed = match is not None and (gap == 1 or text[match.end():match.end() + 1] in {",", ".", ";", ":", "", ")"})
        if match and closed and self._is_name(match, mentions, single=gap == 1):
            return match.group(1), start, match.end()
        before = re.search(rf"({self.name.pattern}),\s(?:the\s|an?\s|el\s|la\s|un\s|una\s|l['’]|le\s|o\s|a\s)?$", text[:start])
        if before and self._is_name(before, mentions, group=2, single=False):
            return before.group(2), before.start(2), end
        return None, start, end

    def _is_name(self, match: re.Match[str], mentions: list[SideMention], *, single: bool, group: int = 1) -> bool:
        words = match.group(group).split()
        first = words[0].lower().strip(".")
        possessor = words[-1].endswith(("'s", "’s", "s'", "s’"))       # "President Ngirmang's office" names an office
        if first in self.stop or first in _DAYS or possessor or (len(words) == 1 and (not single or len(words[0]) < 3)):
            return False
        if any(m.start < match.end(group) and m.end > match.start(group) and m.end - m.start >= len(match.group(group)) - 2 for m in mentions):
            return False
        return not (self.lexicon["agreement"].search(match.group(group)) or self.lexicon["institutions"].search(match.group(group)))

    def _side_of(self, text: str, start: int, end: int, mentions: list[SideMention]) -> str | None:
        """Whose the phrase is: the first side in it that is no place ("China's embassy in the Philippines" is China's)."""
        inside = [m for m in mentions if m.start >= start and m.end <= end]
        spoken = [m for m in inside if not _PLACE_BEFORE.search(text[start:m.start])]
        return spoken[0].side if spoken else None


def _overlaps(span: tuple[int, int], mentions: list[SideMention]) -> bool:
    return any(m.start < span[1] and m.end > span[0] for m in mentions)


@cache
def _grammar(language: str) -> _Grammar:
    found = load_lexicon(language)
    if found is None:
        raise ValueError(f"no lexicon for {language!r}")
    return _Grammar(found)
