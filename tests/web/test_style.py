"""The stylesheet keeps its promises: enough contrast in both schemes, every class of a template drawn, none drawn in vain."""

import re
from pathlib import Path

import pytest

from web.rendering import HERE, STYLESHEET

SHEET = STYLESHEET.decode()
SCHEMES = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
LIGHT, DARK = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme)) for scheme in SCHEMES)
WORDS = ("ink", "soft", "link", "alarm", "confirms", "denies", "rejects", "negotiating", "withdraws", "silent")


def luminance(colour):
    channels = (int(colour[start:start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, "contrast ratio": 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_of_text_can_be_read_on_every_ground(scheme):
    pairs = [(word, ground) for word in WORDS for ground in ("paper", "sheet", "wash", "marker-quiet")] + [("ink", "marker")]
    found = {pair: round(contrast(*(scheme[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


def test_every_rule_is_used_and_every_stance_has_a_colour():
    drawn = [*Path(HERE / "templates").glob("*.html"), HERE / "wording.py", HERE / "condition.py"]
    used = "\n".join(path.read_text(encoding="utf-8") for path in drawn)
    classes = set(re.findall(r"\.([a-z][a-z-]+)", re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", SHEET, flags=re.DOTALL)))
    stances = {"confirms", "denies", "rejects", "negotiating", "withdraws", "no-comment"}
    assert stances <= classes
    assert {name for name in classes - stances if not re.search(rf"\b{name}\b", used)} == set()
