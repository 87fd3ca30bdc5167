"""How much goes out (发文数量、规格、篇幅): measured when it is issued, held against last year and the rule before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chancery.events.document import DocumentDrafted
from chancery.refusal import Reason
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import CAPS, Cap

LINES: Final = 22
ACROSS: Final = 28
HEAD: Final = 9
"""Lines that the head of the first page takes: mark, number, rule and title."""
BINDING: Final = frozenset({"must", "in_principle"})


@dataclass(frozen=True, slots=True)
class Measure:
    """``pages`` and ``characters`` are None where the text cannot be read as text."""

    pages: int | None = None
    characters: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What went out in a period: of a unit, in a name, or altogether; ``pages`` of those that were measured."""

    documents: int = 0
    in_own_name: int = 0
    pages: int = 0
    measured: int = 0
    bulletins: int = 0
    of_nature: int = 0

    @property
    def length(self) -> float:
        """Pages of one document, on average."""
        return round(self.pages / self.measured, 2) if self.measured else 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """One row on volume: what is counted, now, with this one, and last year; ``over`` says that it is exceeded."""

    hit: Hit[Cap]
    counts: str
    now: float
    with_this: float
    last_year: float
    over: bool

    @property
    def refuses(self) -> bool:
        return self.over and self.hit.outcome.on_exceed == "refuse" and self.hit.force in BINDING


def measured(text: str | None, pages: int | None = None) -> Measure:
    """Of a text: pages of 22 lines of 28 characters under a head; ``pages`` are those of a file that has its own."""
    if text is None:
        return Measure(pages, None)
    characters = sum(not character.isspace() for character in text)
    if pages is not None:
        return Measure(pages, characters)
    lines = HEAD + sum(-(-(len(line.strip()) + 2) // ACROSS) for line in text.split("\n") if line.strip())
    return Measure(-(-lines // LINES), characters)


def governments_name(rules: Rules) -> str | None:
    """The name of the government itself: the first whose numbers the pack's head writes."""
    return next(iter(rules.pack.head.numbers), None)


def caps_of(rules: Rules, draft: DocumentDrafted) -> Ruling[Cap]:
    """Every row on the volume of documents that speaks of this one."""
    subjects = ["document", "document_length", "page"]
    if draft.in_name_of == governments_name(rules):
        subjects.append("document_in_governments_name")
    if draft.nature is not None:
        subjects.append(f"{draft.nature}_document")
    found = [rules.ask(CAPS, what=one, kind=draft.kind) for one in subjects]
    hits = {hit.row: hit for ruling in found for hit in ruling.hits}
    return Ruling(found[0].table, found[0].pack, tuple(hits.values()))


def compared(
    rules: Rules, draft: DocumentDrafted, measure: Measure, now: dict[str, Tally], last_year: dict[str, Tally]
) -> list[Compared]:
    """Each row held against the figures. ``now`` and ``last_year`` are by ``per``: unit, government."""
    found: list[Compared] = []
    for hit in caps_of(rules, draft).hits:
        cap = hit.outcome
        per = "government" if cap.per == "government" else "unit"
        before, with_this = _counted(cap.counts, now[per]), _with(rules, draft, measure, cap, now[per])
        was = _counted(cap.counts, last_year[per])
        most = cap.max if cap.relative_to == "absolute" else was
        over = most is not None and with_this > most
        if cap.period == "document":
            before = 0.0
        found.append(Compared(hit, cap.counts, before, with_this, was, over))
    return found


def too_much(found: Sequence[Compared]) -> list[Reason]:
    """A reason for each row that refuses what exceeds it."""
    return [
        Reason(
            "volume_exceeded",
            one.hit.cites,
            {
                "counts": one.counts,
                "with_this": f"{one.with_this:g}",
                "most": f"{one.hit.outcome.max or one.last_year:g}",
            },
        )
        for one in found
        if one.refuses
    ]


def _counted(counts: str, tally: Tally) -> float:
    figures = {
        "document": tally.documents,
        "document_in_governments_name": tally.in_own_name,
        "document_length": tally.length,
        "page": tally.pages,
        "bulletin": tally.bulletins,
    }
    return float(figures.get(counts, tally.of_nature))


def _with(rules: Rules, draft: DocumentDrafted, measure: Measure, cap: Cap, tally: Tally) -> float:
    pages = measure.pages or 0
    if cap.period == "document":
        return float(pages) if cap.counts == "page" else 1.0
    more = Tally(
        tally.documents + 1,
        tally.in_own_name + (draft.in_name_of == governments_name(rules)),
        tally.pages + pages,
        tally.measured + (measure.pages is not None),
        tally.bulletins,
        tally.of_nature + 1,
    )
    return _counted(cap.counts, more)
