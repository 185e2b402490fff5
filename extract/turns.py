"""Whose turn it is in a transcript: "Q:" asks, "A:" or a name and a colon answers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.actors import Actor, ActorType
from extract.document import Publisher
from extract.segment import Sentence
from extract.sides import SideMention
from extract.voices import Voice, Voices

_QUESTION = re.compile(r"(?:Q|P|Question|Journalist|Reporter|Pregunta|Periodista|[A-Z][\w ]{2,25}(?:Radio|Pacific|Times|News))\s?"
                       r"(?:\([^)]{1,40}\))?:\s")
_ANSWER = re.compile(r"(?:A|R|Answer|Respuesta|Contestación):\s")
OPENS = 5      # characters of a sentence within which a label begins


class Turns:
    """The turns of one document as far as it is read."""

    def __init__(self, publisher: Publisher) -> None:
        self.whose: Voice | None = None            # who has the word ("Foreign Minister Barría: No.")
        self.asked = False                         # whether it is a journalist's turn
        self._publisher = publisher
        self._answering = Voice(publisher.name, None, publisher.side, "the press office's answer") if publisher.side else None

    def take(self, sentence: Sentence, actors: Sequence[Actor], mentions: Sequence[SideMention], voices: Voices, *, same: bool) -> None:
        """Note whose words this sentence and those after it are; `same` says that the one before stands in its paragraph."""
        text = sentence.text
        if _QUESTION.match(text):
            self._answering = self._answering or voices.last
            self.whose, self.asked = None, True
        elif _ANSWER.match(text):
            self.whose, self.asked = self._answering, False
            voices.last, voices.last_paragraph = self.whose, sentence.paragraph
        elif actors and actors[0].start < OPENS and text[actors[0].end:actors[0].end + 2] == ": " \
                and actors[0].type in {ActorType.person, ActorType.role}:
            label = [m for m in mentions if m.end <= actors[0].end]
            named, self.asked = voices.of(actors[0], sentence, label), False
            if named and not label and (office := self._publisher.side):
                named = [replace(named[0], side=office)]
            self.whose = self._answering = named[0] if len(named) == 1 else None
            voices.last, voices.last_paragraph = self.whose, sentence.paragraph
        elif self.whose is None and not same:
            self.asked = False
