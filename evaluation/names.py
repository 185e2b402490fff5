"""Names as the scoring compares them: sides by every form that the cases give, speakers by the words that tell them apart."""

import re
import unicodedata
from collections.abc import Sequence

from evaluation.gold import Case


class SideNames:
    """The sides of some cases under all their forms."""

    def __init__(self, cases: Sequence[Case]) -> None:
        """Learn the aliases of `cases`; where two give one form to different sides, the later case has it."""
        self._forms = {folded(form): side for case in cases for side, forms in case.aliases.items() for form in (side, *forms)}

    def side_of(self, name: str | None) -> str | None:
        """The side that an answer names `name`: a two-letter code as it is, else the alias's side, else the name, folded.

        An acronym in capitals that is no alias (NATO) stays as it is.
        """
        if name is None or (len(name) == 2 and name.isupper()):
            return name
        return self._forms.get(folded(name), name if name.isupper() else folded(name))


def folded(text: str) -> str:
    """`text` in lower case, without accents, with single spaces."""
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(letters).lower().split())


def telling_words(name: str) -> set[str]:
    """The words of a speaker's name that tell it from others: those over three letters, and acronyms. Folded."""
    words = re.findall(r"\w+", name)
    return {folded(word) for word in words if len(word) > 3 or (len(word) > 1 and word.isupper())}
