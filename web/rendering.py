"""Rendering: the template engine, set up once so that everything is escaped and nothing undefined passes."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerts.wording import confidence, headline
from web import wording
from web.positions import positions

HERE = Path(__file__).parent
STYLESHEET = (HERE / "static" / "sayso.css").read_bytes()
ICON = (HERE / "static" / "sayso.svg").read_bytes()
VERSION = hashlib.sha256(STYLESHEET + ICON).hexdigest()[:12]
"""Stands in the addresses of style and icon, so that browsers may keep them and still see a new one at once."""


class Renderer:
    """Makes pages of templates. `clock` gives the present for "3 minutes ago"."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Templates are compiled once a process, however many renderers there are."""
        self._clock = clock

    def page(self, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """The page that `template` makes of `context`; raises jinja2.UndefinedError where the template asks for more."""
        return HTMLResponse(self.text(template, **context), status_code=status)

    def text(self, template: str, **context: object) -> str:
        """What `template` makes of `context`, escaped, for answers that are no page."""
        return _templates().get_template(template).render(now=self._clock(), **context)


def address(path: str, **parameters: object) -> str:
    """`path` with the parameters that say something (not None, False or empty)."""
    said = {name: "1" if value is True else value for name, value in parameters.items() if value not in (None, False, "")}
    return f"{path}?{urlencode(said)}" if said else path


@cache
def _templates() -> Environment:
    """The engine with the filters and values that every template knows."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )
    words = (
        wording.side_name, wording.side_code, wording.stance_words, wording.stance_class, wording.kind_words,
        wording.language_name, wording.language_tag, wording.day, wording.clock, wording.iso, wording.span, wording.ago,
        wording.count, wording.safe_link, wording.host, headline, confidence,
    )
    templates.filters.update({function.__name__: function for function in words})
    templates.globals.update(
        version=VERSION, stances=wording.STANCES, stages=wording.STAGES, outcomes=wording.OUTCOMES, positions=positions,
        address=address,
    )
    return templates
