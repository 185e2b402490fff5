"""Whether a sentence tells of today's agreement, or of one that is history by now."""

import re
from datetime import datetime

from extract.lexicon import Lexicon

_YEAR = re.compile(r"(?<![\d.,$€£])(?:19|20)\d\d(?![\d.,]*\d)")


def is_background(text: str, lexicon: Lexicon, published: datetime | None) -> bool:
    """Whether `text` dates what it tells to before the year of publication, or says that it is long ago."""
    if lexicon["background"].search(text):
        return True
    years = [int(y) for y in _YEAR.findall(text)]
    return published is not None and bool(years) and max(years) < published.year
