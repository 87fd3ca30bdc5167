"""A row in words: its cells, selectors, routes, spans and outcome, Chinese and English. Pure; says nothing of its own.

The words of the grammar come from ``texts/rules.yaml``, those of a government from its pack.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from chancery.calendar import Span
from chancery.rules.grammar import Closed, Predicate, Route, Selector, Step, Unless
from chancery.rules.pack import Pack, Row
from chancery.rules.reading import read_lines
from chancery.rules.tables import TABLES, Attendee, Bilingual, Cadence, Delegate, Quorum, Requirement, Table

Language = Literal["zh", "en"]
TEXTS: Final = Path(__file__).parent.parent / "texts" / "rules.yaml"
WORD: Final = re.compile("[a-z][a-z0-9_]*")
PART: Final = re.compile(r"\{([a-z]+)\}")
LIST: Final[Mapping[Language, str]] = {"zh": "、", "en": ", "}
AND: Final[Mapping[Language, str]] = {"zh": "，且", "en": ", and "}
YES: Final[Mapping[Language, tuple[str, str]]] = {"zh": ("否", "是"), "en": ("no", "yes")}


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The words of the grammar, by section and word."""
    return read_lines(TEXTS, TEXTS.name).mapping


def spoken(word: str) -> str:
    """A word that nobody named: as it is written, with spaces."""
    return word.replace("_", " ")


class Said(Closed):
    """One thing said in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} {self.en}"


class Line(Closed):
    """One key of an outcome and what it says."""

    key: str
    label: Said
    says: Said


@dataclass(frozen=True)
class Wording:
    """Says the rows of one pack in one language."""

    pack: Pack
    language: Language

    # -- words ----------------------------------------------------------

    def text(self, section: str, word: str) -> str | None:
        found = texts()[section].get(word)
        return found[self.language] if found else None

    def word(self, word: str, vocabulary: str | tuple[str, ...] | None = None) -> str:
        """A word of the pack, or of the grammar, or the word itself."""
        if isinstance(vocabulary, str):
            term = self.pack.term(vocabulary, word)
            if term is not None:
                return term.zh if self.language == "zh" else term.en
        if isinstance(vocabulary, tuple):
            return self.text("values", word) or spoken(word)
        titled = self.pack.titled(word, self.language)
        if titled != word:
            return titled
        return self.text("facts", word) or self.text("settings", word) or self.nameless(word)

    def nameless(self, word: str) -> str:
        """A word of the pack that no vocabulary names, as it is written."""
        return spoken(word)

    def fixed(self, word: str) -> str:
        """A word that the grammar fixes: a value among few."""
        return self.word(word, ())

    def words(self, words: Iterable[str], vocabulary: str | tuple[str, ...] | None = None) -> str:
        return LIST[self.language].join(self.word(word, vocabulary) for word in words)

    def fact(self, name: str) -> str:
        return self.text("facts", name) or spoken(name)

    def key(self, name: str) -> str:
        return self.text("keys", name) or spoken(name)

    def table(self, name: str) -> str:
        return self.text("tables", name) or spoken(name)

    def force(self, force: str) -> str:
        return self.text("forces", force) or spoken(force)

    def _fill(self, section: str, word: str, **parts: str) -> str:
        template = self.text(section, word) or spoken(word)
        return PART.sub(lambda part: parts.get(part[1], ""), template)

    # -- conditions ------------------------------------------------------

    def cell(self, table: Table[Any], predicate: Predicate) -> str:
        """One cell: ``kind is request, report``."""
        fact = self.fact(predicate.fact)
        if predicate.how == "is":
            return self._fill("predicates", "is_true" if predicate.written else "is_false", fact=fact)
        if predicate.how == "between":
            return self._fill("predicates", "between", fact=fact, bounds=self._bounds(predicate.low, predicate.high))
        declared = table.facts.get(predicate.fact)
        words = self.words(_in_order(predicate), declared.words if declared else None)
        return self._fill("predicates", predicate.how, fact=fact, words=words)

    def when(self, table: Table[Any], row: Row[Any]) -> str:
        """The whole condition; a row without cells holds in every case."""
        cells = [self.cell(table, predicate) for predicate in row.when]
        title = getattr(row.outcome, "title", None)
        if table.hit == "by_id" and isinstance(title, Bilingual):
            return title.zh if self.language == "zh" else title.en
        if not cells:
            return "任何情形" if self.language == "zh" else "in every case"
        return AND[self.language].join(cells)

    def unless(self, unless: Sequence[Unless]) -> str:
        """The exceptions that take a row away."""
        return LIST[self.language].join(self.words(one.exception) for one in unless)

    def _bounds(self, low: float | None, high: float | None) -> str:
        zh = self.language == "zh"
        if low is not None and low == high:
            return f"为{low:g}" if zh else f"exactly {low:g}"
        parts = [f"≥{low:g}"] if low is not None else []
        parts += [f"≤{high:g}"] if high is not None else []
        return " ".join(parts)

    # -- who -------------------------------------------------------------

    def who(self, selector: Selector) -> str:
        """A selector in words."""
        how, name = selector.how, selector.name or ""
        if how in ("any", "all"):
            return (self.text("selectors", how) or "").join(self.who(part) for part in selector.parts)
        of = self.who(selector.of) if selector.of else ""
        if how in ("post", "group", "unit", "external"):
            said = self.word(name, {"post": "posts", "group": "groups", "unit": "units"}.get(how))
        elif how == "each" and selector.of and selector.of.how in ("post", "group"):
            said = f"各位{of}" if self.language == "zh" else f"each {of}"
        elif how in ("chosen_by", "authorised_by", "assistant_of", "each"):
            said = self._fill("selectors", how, of=of)
        elif how == "counterpart_of":
            said = self._fill("selectors", how, name=self.word(name))
        else:
            said = self.text("selectors", f"{how}_{name}") or f"{spoken(how)} {spoken(name)}"
        if selector.without:
            said += self._fill("selectors", "except", without=self.words(selector.without, "posts"))
        if selector.among:
            said += self._fill("selectors", "among", among=self.who(selector.among))
        if selector.prefer:
            said += self._fill("selectors", "prefer", prefer=self.who(selector.prefer))
        return said

    def people(self, selectors: Sequence[Selector]) -> str:
        return LIST[self.language].join(self.who(selector) for selector in selectors)

    # -- routes ------------------------------------------------------------

    def step(self, step: Step) -> str:
        """One act of a route."""
        zh = self.language == "zh"
        verb = self.text("verbs", step.do) or spoken(step.do)
        by = self.who(step.by) if step.by else ("本人" if zh else "whoever put it forward")
        asides: list[str] = []
        if step.force != "must":
            asides.append(self.force(step.force))
        if step.only_if:
            asides.append(("限" if zh else "if ") + self.word(step.only_if))
        if step.called_by:
            asides.append(f"{self.key('called_by')}{'：' if zh else ' '}{self.who(step.called_by)}")
        if step.order == "parallel":
            asides.append(self.fixed("parallel"))
        if step.quorum == "all_of":
            asides.append(self.fixed("all_of"))
        if step.form != "any" and step.form in ("written", "oral"):
            asides.append(self.fixed(step.form))
        if step.acting != "allowed":
            asides.append(self.fixed(step.acting))
        if not step.blocks:
            asides.append("不停留" if zh else "goes on without it")
        to = self.who(step.to) if step.to else ""
        if zh:
            done = f"向{to}{verb}" if to else verb
            said = f"由{by}{done}" if step.by else f"{by}{done}"
            return said + (f"（{'、'.join(asides)}）" if asides else "")
        said = f"{by} {verb}{f' to {to}' if to else ''}"
        return said + (f" ({', '.join(asides)})" if asides else "")

    def route(self, route: Route) -> str:
        """A route as a sentence; alternatives are joined by *or*."""
        joint = "；或者：" if self.language == "zh" else "; or: "
        return joint.join(self.steps(steps) for steps in route.alternatives)

    def steps(self, steps: Sequence[Step]) -> str:
        zh = self.language == "zh"
        said = [self.step(step) for step in steps]
        if len(said) == 1:
            return said[0]
        if zh:
            return f"先{said[0]}" + "".join(f"，再{one}" for one in said[1:])
        return ", then ".join(said)

    # -- numbers -----------------------------------------------------------

    def many(self, n: float, unit: str) -> str:
        named = self.text("units", unit) or spoken(unit)
        if self.language == "zh":
            return f"{n:g}{named}"
        return f"{n:g} {named}{'s' if n != 1 else ''}"

    def span(self, span: Span) -> str:
        """A length of time with how its ends fall."""
        said = self.many(span.n, span.unit)
        asides = [self.fixed(span.roll)] if span.roll != "none" else []
        asides += [self.fixed("same")] if span.first_day == "same" else []
        if not asides:
            return said
        return f"{said}（{'、'.join(asides)}）" if self.language == "zh" else f"{said} ({', '.join(asides)})"

    def cadence(self, cadence: Cadence) -> str:
        every = self.many(cadence.every, cadence.unit)
        if self.language == "zh":
            return f"每{every.removeprefix('1').removeprefix('个') if cadence.every == 1 else every}{cadence.times}次"
        times = "once" if cadence.times == 1 else f"{cadence.times} times"
        return f"{times} every {every.removeprefix('1 ') if cadence.every == 1 else every}"

    # -- outcomes ------------------------------------------------------------

    def lines(self, outcome: BaseModel, *, left_at_default: bool = False) -> list[tuple[str, str]]:
        """What a row orders: its keys as written and each in words.

        What it leaves at the default is not said; with ``left_at_default`` that alone is.
        """
        told: list[tuple[str, str]] = []
        for name, declared in type(outcome).model_fields.items():
            value: Any = getattr(outcome, name)
            default = declared.get_default(call_default_factory=True)  # pyright: ignore[reportUnknownVariableType]
            at_default = not declared.is_required() and value == default
            if value in (None, {}, ()) or at_default != left_at_default:
                continue
            if name in ("n", "unit", "roll", "first_day") and isinstance(getattr(outcome, "span", None), Span):
                if name == "n":
                    told.append(("n", self.span(cast("Any", outcome).span)))
                continue
            fixed = isinstance(value, str) and _is_literal(declared.annotation)
            said = self.fixed(value) if fixed else self.value(value)
            if said:
                told.append((declared.alias or name, said))
        return told

    def value(self, value: Any) -> str:
        """Any part of an outcome."""
        zh = self.language == "zh"
        match value:
            case bool():
                return YES[self.language][value]
            case Selector():
                return self.who(value)
            case Route():
                return self.route(value)
            case Step():
                return self.step(value)
            case Span():
                return self.span(value)
            case Cadence():
                return self.cadence(value)
            case Bilingual():
                return value.zh if zh else value.en
            case Attendee():
                whole = "" if value.for_ == "whole" else self.fixed(value.for_)
                return self.who(value.who) + (f"（{whole}）" if whole and zh else f" ({whole})" if whole else "")
            case Delegate():
                return self._delegate(value)
            case Quorum():
                return self._quorum(value)
            case Requirement():
                return self._requirement(value)
            case BaseModel():
                joint = "，" if zh else ", "
                return joint.join(self._labelled(key, said) for key, said in self.lines(value))
            case str():
                return self.word(value)
            case dict():
                parts = cast("dict[str, Any]", value).items()
                return LIST[self.language].join(
                    self._labelled(self.word(str(key)), self.value(part)) for key, part in parts
                )
            case tuple() | list():
                listed = cast("Sequence[Any]", value)
                if listed and all(isinstance(part, Step) for part in listed):
                    return self.steps(cast("Sequence[Step]", listed))
                joint = (
                    "；"
                    if zh and any(isinstance(p, (BaseModel, dict)) and not isinstance(p, Selector) for p in listed)
                    else LIST[self.language]
                )
                return joint.join(self.value(part) for part in listed)
            case float():
                return f"{value:g}"
            case _:
                return str(value)

    def setting(self, value: Any) -> str:
        """The value of a setting: a length of time, or whatever it is; None is not set."""
        if value is None:
            return "未设定" if self.language == "zh" else "not set"
        if isinstance(value, dict) and "unit" in value:
            with suppress(ValidationError):
                return self.span(Span.model_validate(value))
        return self.value(value)

    def _labelled(self, key: str, said: str) -> str:
        label = self.text("keys", key) or key
        return f"{label}：{said}" if self.language == "zh" else f"{label}: {said}"

    def _delegate(self, delegate: Delegate) -> str:
        to, when = self.who(delegate.to), self.fixed(delegate.only_while)
        by = self.who(delegate.mandate_by) if delegate.mandate_by else ""
        if self.language == "zh":
            return f"{to}（{f'受{by}委托' if by else when}）"
        return f"{to} ({f'by mandate of {by}' if by else when})"

    def _quorum(self, quorum: Quorum) -> str:
        of, share = self.fixed(quorum.of), _fraction(quorum.fraction)
        if self.language == "zh":
            return f"{'不少于' if quorum.test == 'at_least' else '超过'}{of}的{share}"
        return f"{'at least' if quorum.test == 'at_least' else 'more than'} {share} of the {of}"

    def _requirement(self, wanted: Requirement) -> str:
        zh = self.language == "zh"
        evidence = ("或" if zh else " or ").join(self.word(word, "evidence") for word in wanted.evidence)
        asides: list[str] = []
        if wanted.n > 1:
            asides.append(f"{wanted.n}份" if zh else f"{wanted.n} of them")
        if wanted.by:
            asides.append(f"由{self.who(wanted.by)}" if zh else f"by {self.who(wanted.by)}")
        if wanted.of_each:
            asides.append(self.fixed(wanted.of_each))
        if wanted.of:
            asides.append(self.words(wanted.of))
        for name, allowed in wanted.attrs.items():
            asides.append(
                self._labelled(self.word(name), ("或" if zh else " or ").join(self.word(word) for word in allowed))
            )
        if wanted.state:
            asides.append(self.word(wanted.state))
        if wanted.chaired_by:
            asides.append(f"{self.who(wanted.chaired_by)}主持" if zh else f"chaired by {self.who(wanted.chaired_by)}")
        if not wanted.deemed_counts:
            asides.append("不得视为同意" if zh else "silence does not count")
        if not asides:
            return evidence
        return f"{evidence}（{'、'.join(asides)}）" if zh else f"{evidence} ({', '.join(asides)})"


@dataclass(frozen=True)
class _Asking(Wording):
    """Says rows, and keeps the words that it found no name for."""

    found: dict[str, None] = field(default_factory=dict[str, None])

    def nameless(self, word: str) -> str:
        if WORD.fullmatch(word):
            self.found[word] = None
        return super().nameless(word)


def unnamed(pack: Pack) -> list[str]:
    """Words of a pack's rows that people would be shown as they are written, since no vocabulary names them."""
    asking = _Asking(pack, "zh")
    for name, rows in pack.tables.items():
        for row in rows:
            asking.when(TABLES[name], row)
            asking.lines(row.outcome)
            asking.unless(row.unless)
            if row.permit is not None:
                asking.who(row.permit)
    for name, value in pack.head.settings.items():
        asking.word(name)
        asking.setting(value)
    asking.words((*pack.head.applies_to, *pack.head.out_of_power))
    return sorted(asking.found)


def both(pack: Pack) -> tuple[Wording, Wording]:
    """The wording of a pack in Chinese and in English."""
    return Wording(pack, "zh"), Wording(pack, "en")


class CitedClause(Closed):
    """A clause as people are shown it: its article and its gist."""

    id: str
    article: str
    zh: str
    en: str


class RowTold(Closed):
    """A row in words: when it holds, how strongly, what it orders, the clauses it rests on.

    ``by_default`` is what it leaves as it is where nothing else is said.
    """

    table: str
    id: str
    force: str
    strength: Said
    when: Said
    orders: tuple[Line, ...]
    by_default: tuple[Line, ...]
    clauses: tuple[CitedClause, ...]
    reading: Said | None
    file: str
    line: int


def row_told(pack: Pack, table: Table[Any], row: Row[Any]) -> RowTold:
    """A row in words."""
    return RowTold(
        table=table.name,
        id=row.id,
        force=row.force,
        strength=force(row.force),
        when=when(pack, table, row),
        orders=ordered(pack, row),
        by_default=_lines(pack, row, left_at_default=True),
        clauses=tuple(cited(pack, clause) for clause in row.clauses),
        reading=Said(zh=row.reading.zh, en=row.reading.en) if row.reading else None,
        file=row.file,
        line=row.line,
    )


def cited(pack: Pack, clause: str) -> CitedClause:
    """A clause of the pack with its gist; one the catalogue does not have stays a bare id."""
    found = pack.cite(clause)
    return CitedClause(id=clause, article=found.article, zh=found.says_zh, en=found.says_en)


def when(pack: Pack, table: Table[Any], row: Row[Any]) -> Said:
    """The condition of a row, in both languages."""
    zh, en = both(pack)
    return Said(zh=zh.when(table, row), en=en.when(table, row))


def ordered(pack: Pack, row: Row[Any]) -> tuple[Line, ...]:
    """What a row orders, in both languages: its exceptions and who may excuse it last."""
    zh, en = both(pack)
    lines = list(_lines(pack, row))
    if row.unless:
        lines.append(_line(pack, "unless", "unless", zh.unless(row.unless), en.unless(row.unless)))
    if row.permit is not None:
        lines.append(_line(pack, "excused_by", "permit", zh.who(row.permit), en.who(row.permit)))
    return tuple(lines)


def _lines(pack: Pack, row: Row[Any], *, left_at_default: bool = False) -> tuple[Line, ...]:
    zh, en = both(pack)
    pairs = zip(
        zh.lines(row.outcome, left_at_default=left_at_default),
        en.lines(row.outcome, left_at_default=left_at_default),
        strict=True,
    )
    return tuple(_line(pack, key, key, said, other) for (key, said), (_, other) in pairs)


def _line(pack: Pack, key: str, label: str, chinese: str, english: str) -> Line:
    zh, en = both(pack)
    return Line(key=key, label=Said(zh=zh.key(label), en=en.key(label)), says=Said(zh=chinese, en=english))


def force(force: str) -> Said:
    """How strongly a row speaks."""
    return _said("forces", force)


def table_title(name: str) -> Said:
    """What a table is about."""
    return _said("tables", name)


def fact_title(name: str) -> Said:
    """A fact in words."""
    return _said("facts", name)


def head_title(name: str) -> Said:
    """A key or a fixed word of a pack's head."""
    return _said("head", name)


def vocabulary_title(name: str) -> Said:
    """What a vocabulary holds."""
    return _said("vocabularies", name)


def silence(word: str) -> Said:
    """What a pack says nothing of: one of the smaller matters, or a whole table."""
    return _said("silences" if word in texts()["silences"] else "tables", word)


def _said(section: str, word: str) -> Said:
    found = texts()[section].get(word)
    return Said(zh=found["zh"], en=found["en"]) if found else Said(zh=spoken(word), en=spoken(word))


def _in_order(predicate: Predicate) -> list[str]:
    """The words of a cell in the order in which they are written."""
    written: Any = predicate.written
    listed = next(iter(cast("dict[str, Any]", written).values())) if isinstance(written, dict) else written
    return [str(word) for word in cast("list[Any]", listed)]


def _is_literal(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(get_origin(part) is Literal for part in get_args(annotation))


def _fraction(fraction: float) -> str:
    for low in (2, 3, 4, 5):
        for high in range(1, low):
            if abs(fraction - high / low) < 0.005:
                return f"{high}/{low}"
    return f"{fraction:g}"
