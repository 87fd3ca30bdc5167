"""What an event is called and the one line that says what happened, from ``events.yaml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Language = Literal["zh", "en"]
PART = re.compile(r"\{([a-z_.]+)\}")


@dataclass(frozen=True, slots=True)
class Telling:
    """The title of an event type and its line, in both languages."""

    zh: str
    en: str
    line_zh: str
    line_en: str

    def title(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def line(self, language: Language, body: Mapping[str, Any]) -> str:
        """The line with its parts looked up in the body; an absent part leaves nothing behind."""
        template = self.line_zh if language == "zh" else self.line_en
        return PART.sub(lambda part: _look_up(body, part[1]), template)


def _look_up(body: Mapping[str, Any], path: str) -> str:
    value: Any = body
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return "" if value is None else str(value)  # pyright: ignore[reportUnknownArgumentType]


@cache
def tellings() -> Mapping[str, Telling]:
    """By wire name."""
    raw: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "events.yaml").read_text(encoding="utf-8"))
    return {name: Telling(**parts) for name, parts in raw.items()}


def telling_of(name: str) -> Telling:
    """The telling of a wire name; one that nobody wrote words for is told by its name."""
    return tellings().get(name) or Telling(zh=name, en=name, line_zh="", line_en="")
