"""The proper names of a text, and which of them are forms of the same name: people, companies, unions, movements.

A name is a run of capitalised words, joined by the language's particles ("Sindicato de Trabajadores del Puerto"), or an
acronym. Nothing is decided here about what a name stands for: that takes the context, and the encoder reads it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.lexicon import Lexicon
from extract.lexicon import lexicon as load_lexicon

_CAP = r"(?:[A-ZÀ-ÖØ-Þ]|(?<![\w])[a-z]{1,2}(?=[A-Z]))[\w’'&.-]*[\w&]"
_JOIN = {"en": r"of|the|and|for|de|del|al|el|bin|ibn|van|von|da|dos", "es": r"de|del|la|las|los|el|y|e|para|por|al|bin|van|von|da|dos",
         "fr": r"de|du|des|la|le|les|et|pour|en|bin|van|von|al|el", "pt": r"de|do|da|dos|das|e|para|no|na|al|el|bin|van|von"}
_PARTS = {"en": ("and", "the", "the"), "es": ("y|e", "el|la|los|las", "la|los|las"), "fr": ("et", "le|la|les|l['’]", "la|les"),
          "pt": ("e", "os?|as?", "os|as")}                 # "and", articles, and those that stand in no name by themselves
_GOVERNORS = ("of", "for", "de", "del", "para", "por", "pour", "en", "in", "and", "y", "et")
_SHORT = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ0-9&-]{1,6}")
_BRACKETED = re.compile(r"\s\(([A-ZÀ-Þ][A-ZÀ-Þ0-9-]{1,9})\)")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_APART = re.compile(r"[.;:!?\n]")
SPELLED = 110     # characters before a short form in which what it stands for begins
_ELIDED = re.compile(r"^(?:[LlDd]['’])")
_POSSESSIVE = re.compile(r"['’]s?$")
_INITIALS = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_WEAK = frozenset("of the and for de del la las los el y e para por du des le les et pour do da dos das no na al en".split())
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]['\"”»]?\s+|\n\s*|[“«\"]\s?)$")
# Words that open sentences and stand before names, beside the function words of the lexicons.
_OPENERS = frozenset((
    "later however meanwhile but and yet still earlier asked speaking according under after before when while although since both neither "
    "nothing no not there here today yesterday tomorrow also then now instead separately addressing responding monday tuesday wednesday "
    "thursday friday saturday sunday minister president spokesman spokeswoman secretary "
    "según para tras ante pero aunque mientras cuando desde sobre también ayer hoy luego después antes así ni nada nunca habló dijo sin con "
    "por entre hasta lunes martes miércoles jueves viernes sábado domingo "
    "selon pour après mais aussi hier ensuite lorsque quand depuis sur interrogé interrogée rien aucun aucune jamais ni sans avec par entre "
    "dans chez vers lundi mardi mercredi jeudi vendredi samedi dimanche "
    "segundo conforme após mas embora enquanto quando desde sobre também ontem hoje depois antes assim nem nada nunca disse questionado "
    "questionada sem com por entre até já segunda terça quarta quinta sexta").split())
# Words that stand for somebody only together with others, or in one article: "the Front", "el Gobierno".
GENERIC = frozenset((
    "confederation league chamber confederacion liga camara confederacao ligue chambre "
    "front movement union unions company government palace republic nation ministry council party congress parliament state federation house "
    "senate court embassy presidency army board commission office union bank club association group alliance coalition authority agency "
    "frente movimiento union gobierno palacio republica nacion ministerio consejo partido congreso parlamento estado federacion senado sindicato "
    "empresa cancilleria presidencia embajada junta comision oficina comite asociacion grupo alianza coalicion organismo ejecutivo banco "
    "mouvement syndicat gouvernement palais republique ministere conseil parti assemblee etat ambassade presidence armee commission groupe "
    "alliance societe entreprise executif banque "
    "frente movimento sindicato governo palacio republica nacao ministerio conselho partido congresso parlamento estado federacao presidencia "
    "embaixada comissao empresa companhia associacao grupo alianca coligacao executivo banco itamaraty planalto").split())
MOST = 400        # names read in one text: a list of names is no news


@dataclass(frozen=True, slots=True)
class Name:
    """One name at text[start:end] and the number of its cluster: names of one cluster are forms of the same name."""

    start: int
    end: int
    text: str
    cluster: int


@lru_cache(maxsize=50_000)      # the same names come again in every sentence
def folded(name: str) -> str:
    """A name without case, accents and punctuation, words separated by single spaces."""
    letters = unicodedata.normalize("NFD", name)
    return " ".join("".join(c.lower() if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split())


def find_names(text: str, language: str, known: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The names of `text` in order, clustered; `known` are spans that name something by themselves.

    Raises KeyError where the language has no lexicon.
    """
    words = load_lexicon(language)
    if words is None:
        raise KeyError(language)
    spans: list[tuple[int, int]] = []
    for match in _pattern(language).finditer(text):
        span = _trimmed(text, *match.span(), words)
        if span is not None:
            spans.append(span)
        if len(spans) >= MOST:
            break
    spelled = _spelled_out(text)
    spans = sorted([*((a, b) for a, b in spans if all(b <= start or end <= a for start, end, _ in spelled)), *((a, b) for a, b, _ in spelled)])
    alone = {folded(text[a:b]) for a, b in [*known, *((a, b) for a, b, _ in spelled)]}
    for _ in range(2):         # what a first pass sets apart stands alone in the second
        alone |= {folded(text[a:b]) for a, b in spans}
        whole = {(a, b) for a, b, _ in spelled}
        spans = [part for span in spans for part in ([span] if span in whole else _parted(text, *span, language, alone))]
    return _clustered(text, spans, {folded(short): folded(text[a:b]) for a, b, short in spelled})


@cache
def _pattern(language: str) -> re.Pattern[str]:
    joins = _JOIN[language]
    return re.compile(rf"(?<![\w]){_CAP}(?:[ \u00a0](?:(?:{joins})[ \u00a0]){{0,2}}(?:[ldLD]['’])?{_CAP}|['’]s[ \u00a0]{_CAP}(?=\s[A-Z]))*")


@cache
def _seams(language: str) -> re.Pattern[str]:
    """Where a run may part: at "and", at an owner's mark or a place; `apart` where it must: "and the", or "the" that nothing governs."""
    ands, articles, bare = _PARTS[language]
    governed = "".join(rf"(?<!\b{word}[ \u00a0])" for word in _GOVERNORS)
    return re.compile(rf"[ \u00a0](?P<apart>(?:{ands})[ \u00a0](?:{articles})|{governed}(?:{bare}))[ \u00a0]|[ \u00a0](?P<and>{ands})[ \u00a0]"
                      rf"|[ \u00a0](?P<of>of|de|del|du|do|da)[ \u00a0](?:(?:{articles})[ \u00a0])?"
                      rf"|['’]s[ \u00a0]|[ \u00a0](?:in|en|em|no|na|para|por|pour|for)[ \u00a0](?:(?:{articles})[ \u00a0])?")


@cache
def _openers(language: str) -> frozenset[str]:
    words = load_lexicon(language)
    return _OPENERS | frozenset(words.function_words if words else ())


def _trimmed(text: str, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
    """The run without words that are capitalised for where they stand, or None where nothing is left."""
    openers = _openers(words.language)
    opening = bool(_SENTENCE_START.search(text[max(0, start - 6):start])) if start else True
    elided = _ELIDED.match(text[start:end])
    if elided:
        start += elided.end()
    while opening and start < end:
        first = re.match(r"[\w’'-]+", text[start:end])
        if first is None or first.group().lower() not in openers:
            break
        rest = re.match(r"\s+(?:[a-zà-ÿ]{1,3}\s+)*", text[start + first.end():end])
        if rest is None:
            return None
        start += first.end() + rest.end()
    owner = _POSSESSIVE.search(text[start:end])
    if owner:
        end -= len(owner.group())
    run = text[start:end]
    if len(run) < 2 or not run[0].isalnum() or run.lower() in openers:
        return None
    if opening and " " not in run and not run.isupper() and (run.lower() in text or f"{run.lower()}s" in text):
        return None
    return start, end


def _parted(text: str, start: int, end: int, language: str, alone: Set[str]) -> list[tuple[int, int]]:
    """The names in a run that joins several: "Codelco y SQM", "Kinshasa et le M23", "the Taliban's Zabihullah Mujahid".

    Whether "and" joins two names or stands within one is told by the rest of the text, where one of the two stands alone, by a
    capitalised short form, or by an article behind it.
    """
    for seam in _seams(language).finditer(text, start, end):
        left, right = text[start:seam.start()], text[seam.end():end]
        rest = _parted(text, seam.end(), end, language, alone)
        first = text[rest[0][0]:rest[0][1]] if rest else right
        free = folded(left) in alone or (seam["and"] and (folded(first) in alone or _SHORT.fullmatch(left) or _SHORT.fullmatch(first)))
        if _is_person_of(left, right) if seam["of"] else seam["apart"] or free:
            return [(start, seam.start()), *rest]
    return [(start, end)]


def _is_person_of(left: str, right: str) -> bool:
    """Whether "of" stands between a person and a body: "Festus Osifo of the Trade Union Congress", and not "Central Bank of Chile"."""
    who, body = (set(folded(each).split()) for each in (left, right))
    return len(who) in {2, 3} and not who & (GENERIC | _WEAK) and bool(body & GENERIC) and not _SHORT.fullmatch(left.split(maxsplit=1)[0])


def _spelled_out(text: str) -> list[tuple[int, int, str]]:
    """Names that a short form in brackets behind them spells, with it, whatever their case: "Front de libération nationale (FLN)"."""
    found = []
    for match in _BRACKETED.finditer(text):
        letters, words = folded(match[1]), list(_WORD.finditer(text, max(0, match.start() - SPELLED), match.start()))
        if not words or text[words[-1].end():match.start()].strip("\"”»’' "):
            continue
        left = letters
        for word in reversed(words):
            plain = folded(_ELIDED.sub("", word.group()))
            if plain in _WEAK or plain == "in":
                continue
            if not left.endswith(plain[:1]):
                break
            left = left[:-1]
            if not left:
                if word.group()[0].isupper() and not _APART.search(text, word.start(), words[-1].end()):
                    found.append((word.start(), words[-1].end(), match[1]))
                break
    return found


def _clustered(text: str, spans: Sequence[tuple[int, int]], short_of: Mapping[str, str]) -> list[Name]:
    """Give each name the cluster of the longest earlier or later name that its words, or its initials, are part of.

    `short_of` has the short forms that the text spells out, folded, with what they stand for.
    """
    forms = {folded(text[a:b]) for a, b in spans}
    longest = sorted(forms, key=lambda f: (-len(f.split()), f))
    home: dict[str, int] = {}
    heads: list[tuple[frozenset[str], str]] = []
    for form in longest:
        content = frozenset(w for w in form.split() if w not in _WEAK)
        if not content:
            continue
        for number, (head, initials) in enumerate(heads):
            if content < head or content == head or (len(content) == 1 and len(form) > 1 and form == initials):
                home[form] = number
                break
        else:
            home[form] = len(heads)
            heads.append((content, "".join(w[0] for w in form.split() if w not in _WEAK)))
    for one, other in re.findall(r"([A-ZÀ-ÖØ-Þ][^()\n]{4,90})\s\(([A-Z][\w&-]{1,11})\)", text):
        # "the National Dock Council (CND)": what stands in brackets is the name before it, whatever its initials
        short, before = folded(other), folded(one)
        named = [form for form in home if before.endswith(form)]
        if short in home and named:
            home[short] = home[max(named, key=len)]
    home |= {short: home[long] for short, long in short_of.items() if short in home and long in home}
    return [Name(a, b, text[a:b], home[form]) for a, b in spans if (form := folded(text[a:b])) in home]
