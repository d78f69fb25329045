"""`mixed12`: tokens for Japanese and English without a dictionary.

Runs of Japanese become character 1- and 2-grams (katakana folded to hiragana), runs of Latin
letters and digits become words and their character 3- to 5-grams.
"""

import re
import unicodedata
from collections.abc import Iterator

_RUNS = re.compile(r"[a-z0-9]+|[\u3041-\u309f\u30fc\u3400-\u9fff々〆ヶ]+")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LONGEST_GRAM = 5


def tokens(text: str) -> list[str]:
    """The tokens of a text, with repeats."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)
    return [token for run in _RUNS.findall(folded) for token in _of_run(run)]


def _of_run(run: str) -> Iterator[str]:
    if run[0].isascii():
        yield run
        for size in range(3, _LONGEST_GRAM + 1):
            yield from (run[start : start + size] for start in range(len(run) - size + 1))
    else:
        yield from run
        yield from (run[start : start + 2] for start in range(len(run) - 1))
