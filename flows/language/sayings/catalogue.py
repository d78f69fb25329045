"""Every sentence in every language, and how one is put together: only when somebody reads it."""

from collections.abc import Mapping
from string import Template

from flows.language.sayings import (
    cards,
    files,
    holes,
    house,
    keys,
    line,
    moving,
    names,
    parts,
    talks,
    trying,
    values,
    ways,
)
from flows.language.sayings.saying import LANGUAGES, Language, Pair, Param, Said, Saying

CATALOGUE: Mapping[str, Said] = {
    key: said
    for family in (
        cards,
        files,
        holes,
        keys,
        values,
        house,
        names,
        ways,
        line,
        talks,
        trying,
        moving,
        parts,
    )
    for key, said in family.SAID.items()
}
BETWEEN: Mapping[Language, str] = {"ja": "、", "en": ", "}


def say(saying: Saying, language: Language = "ja") -> str:
    """The sentence with what stands in its places."""
    return _fill(CATALOGUE[saying.key].message, saying, language)


def say_remedy(saying: Saying, language: Language = "ja") -> str:
    """What to do about it; empty where the catalogue has nothing that would always be right."""
    remedy = CATALOGUE[saying.key].remedy
    return _fill(remedy, saying, language) if remedy is not None else ""


def say_param(param: Param, language: Language = "ja") -> str:
    """One value: a word as it was written, a sentence of its own, or a list of them."""
    match param:
        case Saying():
            return say(param, language)
        case tuple():
            return BETWEEN[language].join(say_param(item, language) for item in param)
        case _:
            return str(param)


def _fill(pair: Pair, saying: Saying, language: Language) -> str:
    values = {name: say_param(value, language) for name, value in saying.params}
    return Template(pair[LANGUAGES.index(language)]).substitute(values)
