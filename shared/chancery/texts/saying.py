"""Refusals in words: the catalogue every service shares, and each service's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from chancery.refusal import Reason

Language = Literal["zh", "en"]
HERE = Path(__file__).parent
PART = re.compile(r"\{([a-z_]+)\}")
ASIDE = re.compile(r"\[([^\[\]]*)\]")
MISSING_EVIDENCE = "needs_evidence"


@dataclass(frozen=True, slots=True)
class Saying:
    zh: str
    en: str

    def fill(self, language: Language, params: Mapping[str, Any]) -> str:
        """The sentence with its parts filled in; an aside in brackets is left out where one of its parts is missing."""

        def aside(found: re.Match[str]) -> str:
            return found[1] if all(params.get(name) for name in PART.findall(found[1])) else ""

        sentence = self.zh if language == "zh" else self.en
        return PART.sub(lambda part: _word(params.get(part[1])), ASIDE.sub(aside, sentence))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of no: its HTTP status and its title."""

    status: int
    title: Saying


class Sayings:
    """Every code a service may refuse with, in both languages. A service's own words come before the common ones."""

    def __init__(self, *files: Path) -> None:
        self.reasons: dict[str, Saying] = {}
        for file in (HERE / "reasons.yaml", *files):
            for code, said in _load(file).items():
                self.reasons[code] = Saying(said["zh"], said["en"])

    def say(self, reason: Reason, language: Language) -> str:
        """The reason in words; one that nobody wrote words for is said by its code.

        Missing evidence is named by the pack, so its codes (``needs_legality_review``) share one sentence.
        """
        saying = self.reasons.get(reason.code)
        if saying is None and "evidence" in reason.params:
            saying = self.reasons[MISSING_EVIDENCE]
        return reason.code if saying is None else saying.fill(language, reason.params)


def _load(file: Path) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", yaml.safe_load(file.read_text(encoding="utf-8")) or {})


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(sorted(map(_word, cast("list[Any]", value))))
    return str(value)


@cache
def kinds() -> Mapping[str, Kind]:
    raw = _load(HERE / "problems.yaml")["kinds"]
    return {name: Kind(said["status"], Saying(said["zh"], said["en"])) for name, said in raw.items()}


@cache
def field_sayings() -> Mapping[str, Saying]:
    """What is wrong with a field, by pydantic's name of the error."""
    return {name: Saying(said["zh"], said["en"]) for name, said in _load(HERE / "problems.yaml")["fields"].items()}
