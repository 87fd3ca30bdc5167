"""Where in a text something stands, and what was found there."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chancery.refusal import Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """``text[start:end]``, from ``line`` to ``to_line`` as people count them, from 1.

    ``label`` is what the page or form calls the entry (文号, 成文日期); None in the text itself. An entry that came
    beside the text has no lines: 0.
    """

    start: int
    end: int
    line: int
    to_line: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """What a document says: the value, the words as they stand there, and every place that says so."""

    value: T
    as_printed: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at: never mended here. ``reason.subject`` names the field."""

    reason: Reason
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or what is left of one once labels and page marks are taken away; ``text`` has no space around it."""

    text: str
    start: int
    line: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def compact(self) -> str:
        return "".join(self.text.split())


class Ruler:
    """Tells lines from offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        for at, letter in enumerate(text):
            if letter == "\n":
                self._starts.append(at + 1)

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def place(self, start: int, end: int, label: str | None = None) -> Place:
        return Place(start, end, self.line(start), self.line(max(start, end - 1)), label)

    def of(self, pieces: Sequence[Piece]) -> Place:
        return self.place(pieces[0].start, pieces[-1].end)


class Flow:
    """Pieces as one string without any space, since pages break numbers and dates over lines.

    ``begins`` and ``ends`` are the offsets in the flow at which a piece begins and ends.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        letters: list[str] = []
        self._at: list[int] = []
        self.begins: set[int] = set()
        self.ends: set[int] = set()
        for piece in pieces:
            self.begins.add(len(letters))
            for offset, letter in enumerate(piece.text):
                if not letter.isspace():
                    letters.append(letter)
                    self._at.append(piece.start + offset)
            self.ends.add(len(letters))
        self.text = "".join(letters)
        self._begins = sorted(self.begins)

    def begin_before(self, start: int, end: int) -> int:
        """Where the last piece begins that begins from ``start`` on and before ``end``; ``start`` where none does."""
        at = bisect_left(self._begins, end) - 1
        return max(start, self._begins[at]) if at >= 0 else start

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the document of a stretch of the flow."""
        return self._at[start], self._at[end - 1] + 1
