"""What reading may cost: memory with all languages loaded, and time and memory of 100 kB of any kind of text.

Memory is measured in a process of its own, time as a ratio of two readings in that process.
"""

import json
import subprocess
import sys
from functools import cache

import pytest

ALL_LANGUAGES = 900          # MB, with all four languages and the model loaded
LONG_TEXT = 300              # MB more for 100 kB of text
SLOWER = 4.0                 # times the CPU of the 12,000 characters that the model reads: the rules read on, the model does not

MEASURE = """
import json, re, time
from pathlib import Path
from extract.document import Document, Publisher, Kind
from extract.pipeline import read
from training.examples import texts, whole

def peak():
    # Of this program alone: ru_maxrss begins with what the process was that started it.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def cost(text, language):
    began = time.process_time()
    read(Document("Title", text, language, None, Publisher("The Daily Wire", Kind.outlet)))
    return time.process_time() - began

joined = {}
for text in texts():
    if whole(text["id"]) and len(joined.get(text["language"], "")) < 100_000:
        joined[text["language"]] = joined.get(text["language"], "") + "\\n\\n" + text["text"]
for language, text in joined.items():
    cost(text[:3_000], language)
loaded = peak()
short = min(cost(joined["en"][:12_000], "en") for _ in range(2))
long = joined["en"][:100_000]
kinds = {"articles": long, "all capitals": long.upper(), "no punctuation": long.replace(".", "").replace(",", "").replace("\\n", " "),
         "one line": long.replace("\\n", " "), "names": "Kenya and Uganda signed the accord of Nairobi with Peru. " * 1800, "brackets": "((\\u201c" * 33_000}
costs = {kind: cost(text, "en") for kind, text in kinds.items()}
print(json.dumps({"loaded": loaded, "after": peak(), "short": short, "costs": costs}))
"""


@cache
def measured() -> dict:
    """The figures of one run."""
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.timeout(300)
def test_all_four_languages_fit_into_the_memory_of_a_small_server() -> None:
    assert measured()["loaded"] <= ALL_LANGUAGES


@pytest.mark.timeout(300)
def test_a_long_text_needs_little_more_memory() -> None:
    assert measured()["after"] - measured()["loaded"] <= LONG_TEXT


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["articles", "all capitals", "no punctuation", "one line", "names", "brackets"])
def test_a_hundred_thousand_characters_of_any_kind_cost_little_more_than_the_first_twelve_thousand(kind: str) -> None:
    assert measured()["costs"][kind] <= SLOWER * measured()["short"]
