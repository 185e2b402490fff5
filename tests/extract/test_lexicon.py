from pathlib import Path

import pytest

from extract.document import LANGUAGES
from extract.lexicon import CUE_GROUPS, FOLDER, PATTERN_GROUPS, LexiconError, lexicon, read_file, whole_words

FILES = [FOLDER / f"{code}.yaml" for code in LANGUAGES if (FOLDER / f"{code}.yaml").is_file()]
ENTRIES = [
    pytest.param(pattern, example, id=f"{path.stem}-{group}-{number}")
    for path in FILES
    for file in [read_file(path)]
    for group, entries in [*[(g, getattr(file, g)) for g in PATTERN_GROUPS], *[(g, file.cues[g]) for g in CUE_GROUPS], *file.stages.items()]
    for number, (pattern, example) in enumerate(entries.items())
]


@pytest.mark.parametrize(("pattern", "example"), ENTRIES)
def test_every_pattern_is_found_in_its_example(pattern: str, example: str) -> None:
    assert whole_words([pattern]).search(example)


def test_an_unknown_key_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(FILES[0].read_text(encoding="utf-8") + "\nsurprise: 1\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"xx\.yaml: surprise"):
        read_file(path)


def test_a_language_without_a_file_has_no_lexicon() -> None:
    assert lexicon("xx") is None
