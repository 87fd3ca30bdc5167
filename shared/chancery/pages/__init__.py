"""Pages about rule packs, for the console and as files of their own: the same parts, the same look."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, select_autoescape

from chancery.rules.wording import table_title

HERE: Final = Path(__file__).parent
TEMPLATES: Final = FileSystemLoader(HERE / "templates")
PAPER: Final = HERE / "paper.css"


def with_words(environment: Environment) -> Environment:
    """An environment whose templates can say the grammar's words."""
    environment.globals["table_title"] = table_title  # pyright: ignore[reportArgumentType]  any value goes
    environment.filters["percent"] = percent
    return environment


def percent(share: float) -> str:
    """A share as people read it; never 100 % unless it is all, never 0 % unless it is none."""
    shown = round(share * 100, 1)
    if shown == 100 and share < 1:
        shown = 99.9
    if shown == 0 and share > 0:
        shown = 0.1
    return f"{shown:g} %"


@cache
def _environment() -> Environment:
    return with_words(
        Environment(
            loader=TEMPLATES,
            autoescape=select_autoescape(default=True, default_for_string=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )


def whole_page(name: str, title: str, **parts: Any) -> str:
    """A page in one file, with its style inside; opens without a server and without a net."""
    template = _environment().get_template("alone.html")
    return template.render(part=name, title=title, css=PAPER.read_text(encoding="utf-8"), **parts)
