"""The law is a table: no place, post, body, feature, kind or evidence of a pack stands in the programs.

Read are all texts in the Python of ``shared`` and ``services``; left out are docstrings and the examples shown on the
API's pages, which decide nothing.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "shared" / "chancery" / "packs"
VOCABULARIES = ("posts", "units", "groups", "features", "kinds", "evidence", "issuers")
OUTSIDE = ("shared/chancery/bench",)
"""Measurements need some words to measure with; nothing is decided there."""
DEMONSTRATION = ("shared/chancery/cli",)
"""The command line plays the demonstration of one place by default; ``--tenant`` names another."""

ALLOWED: Mapping[str, str] = {
    "meeting_decision": "evidence the house gives itself: a sitting decided",
    "interpretation": "evidence the house gives itself: what was attached to an entry explains it",
    "secrecy_review": "evidence the house gives itself: the review recorded before publication",
    "report": "a verb of routes, a mode of absence, a duty of publication",
    "request": "a verb of routes",
    "decision": "the sitting's decision, a stage of gates",
    "department": "one of the classes of units that gates tell apart",
    "street": "one of the classes of units that gates tell apart",
    "town": "one of the classes of units that gates tell apart",
    "zone": "one of the classes of units that gates tell apart",
    "units": "the vocabulary of units itself, never a unit",
    "opinion": "what somebody wrote beside his step; a fact of the table of marks",
    "consultation": "the table of that name",
    "submitted": "the stage of an agenda item",
    "other": "a fault of a form that none of the known ones is",
    "letter": "a layout that GB/T 9704 sets for a page",
    "order": "a layout that GB/T 9704 sets for a page",
    "notice": "the paper that calls people to a sitting; the reminder a task was given last",
    "assessment": "one of the two forms of looking into a unit's work",
    "budget_line": "evidence the house gives itself: the request for a meeting names its budget line",
    "audit": "the auditor's role among the three administrators",
}


@cache
def packs() -> Mapping[str, Pack]:
    return load_folder(PACKS)


@cache
def words() -> Mapping[str, str]:
    """Every word of every pack that a program must not know, and whose it is."""
    found: dict[str, str] = {}
    for pack in packs().values():
        for vocabulary in VOCABULARIES:
            found |= dict.fromkeys(pack.words.get(vocabulary, {}), f"{pack.head.id}: {vocabulary}")
        found |= dict.fromkeys(pack.vocabulary("bodies"), f"{pack.head.id}: bodies")
        found[pack.head.id] = "a pack"
    return found


@cache
def places() -> frozenset[str]:
    """What the governments of the packs are called, in both scripts."""
    latin = {pack.head.id.partition("-")[0] for pack in packs().values() if pack.head.tier != "national"}
    home = {pack.head.areas.get("home", "") for pack in packs().values()}
    return frozenset(latin | {name.removesuffix("区").removesuffix("镇") for name in home if len(name) > 2})


def programs() -> list[Path]:
    found = [path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if not str(path.relative_to(ROOT)).startswith(OUTSIDE))


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The texts of a program, without docstrings and examples."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
        if isinstance(node, ast.keyword) and node.arg in ("examples", "json_schema_extra", "openapi_examples"):
            left_out |= {id(inner) for inner in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.lineno, node.value


def test_the_programs_know_no_word_of_any_pack() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text} ({words()[text]})"
        for path in programs()
        for line, text in texts(ast.parse(path.read_text("utf-8")))
        if text in words() and text not in ALLOWED
    ]
    assert found == []


def test_the_programs_know_no_place() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in programs()
        if not str(path.relative_to(ROOT)).startswith(DEMONSTRATION)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(place in line.lower() for place in places())
    ]
    assert found == []


def test_what_is_allowed_is_needed() -> None:
    """An allowance that nothing uses any more is taken away."""
    used = {text for path in programs() for _, text in texts(ast.parse(path.read_text("utf-8")))}
    assert set(ALLOWED) <= used


def test_the_search_would_find_a_word() -> None:
    tree = ast.parse('"""executive"""\nif body == "executive": f(examples=["mayor"], x="mayor")\n')
    assert [text for _, text in texts(tree)] == ["executive", "mayor"]
    assert {"executive", "mayor", "normative_document", "legality_review"} <= set(words())
    assert "虹口" in places()
