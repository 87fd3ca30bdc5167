"""A pack held against the higher law and against its own sample roster: what a lawyer should look at. Pure.

Findings are no errors: a pack with findings loads and runs as its text says. Each names the clauses of both sides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final, Literal

from chancery.calendar import Span
from chancery.rules.beside import clause_binds, heard_by
from chancery.rules.cast import Cast
from chancery.rules.checks import disjoint
from chancery.rules.grammar import Selector, selectors_in
from chancery.rules.pack import Basis, Pack, Power, Row
from chancery.rules.tables import ACTING, BODIES, CLOCKS, GATES, MARKS, PUBLICATION, Bilingual, Clock, Gate
from chancery.rules.wording import both

Level = Literal["finding", "resolved", "note"]
"""``finding``: to be looked at. ``resolved``: the pack itself says how it takes it. ``note``: both sides are right."""
SOFT: Final = frozenset({"normally", "as_needed", "may"})
DAYS: Final = {"hour": 1 / 24, "calendar_day": 1.0, "working_day": 1.4, "week": 7.0, "month": 30.4, "quarter": 91.3,
               "half_year": 182.6, "year": 365.2}  # fmt: skip
"""About how many days a unit is: good enough to tell a longer limit from a shorter one, not to count."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what kind, how it stands, the clauses of the pack and of the law, a sentence of each.

    ``file`` and ``line`` say where it stands in the pack. ``reading`` is what the pack itself says of it.
    """

    kind: str
    level: Level
    own: tuple[str, ...]
    law: tuple[str, ...]
    zh: str
    en: str
    file: str
    line: int
    reading: Bilingual | None = None


def findings(pack: Pack, laws: Sequence[Pack], on: date) -> list[Finding]:
    """Everything to look at in a pack on a day: against its roster, in itself, and against each pack of higher law."""
    found = [*_cast(pack), *_two_numbers(pack), *_acting(pack, laws, on)]
    for law in laws:
        if law.head.id != pack.head.id:
            found += _Against(pack, law, on).all()
    once = {(one.kind, one.own, one.law): one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (_ORDER[one.level], one.kind, one.own))


_ORDER: Final[Mapping[str, int]] = {"finding": 0, "resolved": 1, "note": 2}


class _Against:
    """A pack and one pack of higher law, of which only what binds this tier on this day is held against it."""

    def __init__(self, pack: Pack, law: Pack, on: date) -> None:
        self.pack = pack
        self.law = law
        self.on = on
        self.heard = heard_by(law, pack, on)

    def all(self) -> Iterator[Finding]:
        yield from self._bodies()
        yield from self._powers()
        yield from self._clocks()
        yield from self._publication()
        yield from self._softer()
        yield from self._stale()
        yield from self._marks()

    # -- bodies ----------------------------------------------------------------

    def _bodies(self) -> Iterator[Finding]:
        """A member of a body whom the law does not make one."""
        own = {row.id: row for row in self.pack.tables.get(BODIES.name, ())}
        for lawful in self.law.tables.get(BODIES.name, ()):
            row = own.get(lawful.id)
            binds = all(clause_binds(self.law, clause, self.pack.head.tier, self.on) for clause in lawful.clauses)
            if row is None or not binds or not lawful.outcome.members:
                continue
            allowed = {post for member in lawful.outcome.members for post in self._posts(member)}
            wider = [
                post for member in row.outcome.members for post in _posts(self.pack, member) if post not in allowed
            ]
            if wider:
                zh, en = _named(self.pack, wider)
                yield _finding(
                    "body_wider",
                    row,
                    _telling(self.pack, row, wider),
                    lawful.clauses,
                    f"{row.outcome.title.zh}的组成人员比法律多出：{zh}。计算法定人数时会把他们算进去。",
                    f"The {row.outcome.title.en} has members that the law does not name: {en}. A quorum counts them.",
                )

    def _posts(self, selector: Selector) -> set[str]:
        """The own posts that the law's selector means."""
        words = {post for one in _posts(self.law, selector) for post in (one, *self._also("posts", one))}
        return {held for word in words for held in self.pack.posts_of(word)}

    def _also(self, vocabulary: str, word: str) -> tuple[str, ...]:
        term = self.law.term(vocabulary, word)
        return term.also if term else ()

    # -- powers ----------------------------------------------------------------

    def _powers(self) -> Iterator[Finding]:
        """Rows that speak of a power which this tier has not; of what is only noted, all rows in one."""
        for word, power in self.law.head.powers.items():
            if clause_binds(self.law, power.clause, self.pack.head.tier, self.on):
                continue
            speaking = [
                row for table, rows in self.pack.tables.items() for row in rows if self._speaks(row, table, power)
            ]
            if power.weight == "note":
                zh = f"关于{power.zh}的国家规定不直接约束本级。"
                en = f"The national rules on {power.en} do not bind this tier of themselves."
                own = tuple(sorted({clause for row in speaking for clause in row.clauses}))
                yield from (_finding("power", row, own, [power.clause], zh, en, "note") for row in speaking[:1])
                continue
            words = (word, *power.kinds, *power.features)
            said = next((one for one in self.pack.head.out_of_power if one in words), None)
            zh, en = (
                f"写到{power.zh}，本级依法没有这项权力。",
                f"It speaks of {power.en}, which is no power of this tier.",
            )
            level: Level = "resolved" if said else "finding"
            reading = _out_of_power(said) if said else None
            for row in _one_a_clause(speaking):
                yield _finding("power", row, row.clauses, [power.clause], zh, en, level, reading)

    def _speaks(self, row: Row[Any], table: str, power: Power) -> bool:
        kinds = {word for kind in power.kinds for word in (kind, *self._also("kinds", kind))}
        features = {word for feature in power.features for word in (feature, *self._also("features", feature))}
        for cell in row.when:
            if (cell.fact == "kind" and cell.words & kinds) or (cell.fact == "features" and cell.words & features):
                return True
        return table in power.tables

    # -- limits ----------------------------------------------------------------

    def _clocks(self) -> Iterator[Finding]:
        """A limit laxer than one that the law says must be kept."""
        for lawful in self.heard.tables.get(CLOCKS.name, ()):
            limit: Clock = lawful.outcome
            if lawful.force != "must" or limit.span is None or limit.on_due == "none":
                continue
            for row in self.pack.tables.get(CLOCKS.name, ()):
                span = self._span(row.outcome)
                if (
                    row.outcome.name == limit.name
                    and span is not None
                    and not disjoint(row, lawful)
                    and _longer(span, limit.span)
                ):
                    yield self._laxer(row, lawful, span, limit.span)

    def _span(self, clock: Clock) -> Span | None:
        found = self.pack.head.settings.get(clock.from_setting or "")
        return Span.model_validate(found) if isinstance(found, dict) else clock.span

    def _publication(self) -> Iterator[Finding]:
        """A time for publishing longer than the law's."""
        lawful = next((row for row in self.heard.tables.get(PUBLICATION.name, ()) if row.outcome.deadline), None)
        if lawful is None:
            return
        set_by_tenant = self.pack.head.settings.get("publication_deadline")
        for row in self.pack.tables.get(PUBLICATION.name, ()):
            span = row.outcome.deadline
            if span is None and isinstance(set_by_tenant, dict) and row.outcome.duty == "publish":
                span = Span.model_validate(set_by_tenant)
            if span is not None and not disjoint(row, lawful) and _longer(span, lawful.outcome.deadline):
                yield self._laxer(row, lawful, span, lawful.outcome.deadline)

    def _laxer(self, row: Row[Any], lawful: Row[Any], span: Span, limit: Span) -> Finding:
        here, there = _spanned(self.pack, span), _spanned(self.pack, limit)
        zh, en = (
            f"期限{here[0]}，比法定的{there[0]}宽。",
            f"Its limit of {here[1]} is laxer than the lawful {there[1]}.",
        )
        return _finding("limit_laxer", row, row.clauses, lawful.clauses, zh, en)

    def _softer(self) -> Iterator[Finding]:
        """What the law says must be on file, and no row here says more than that it normally is."""
        gates = self.pack.tables.get(GATES.name, ())
        for lawful in self.heard.tables.get(GATES.name, ()):
            if _soft(lawful):
                continue
            near = [row for row in gates if _same_kind(row, lawful)]
            must = {word for row in near if not _soft(row) for word in _evidence(row)}
            for row in near:
                softly = (_evidence(row) & _evidence(lawful)) - must
                if _soft(row) and softly and not disjoint(row, lawful):
                    zh, en = _named(self.pack, sorted(softly))
                    yield _finding(
                        "softer",
                        row,
                        row.clauses,
                        lawful.clauses,
                        f"法律要求必须有{zh}，这里只是一般要求。",
                        f"The law says there must be: {en}; here it is only normally asked.",
                    )

    # -- acts and marks ----------------------------------------------------------

    def _stale(self) -> Iterator[Finding]:
        """An act the text names that is not in force any more."""
        gone = {
            _title(act): act for act in self.law.head.bases.values() if act.until is not None and act.until < self.on
        }
        for basis in self.pack.head.bases.values():
            act = gone.get(_title(basis))
            if act is None:
                continue
            after = self.law.head.bases.get(act.replaced_by or "")
            zh = f"所引《{basis.zh}》已于 {act.until} 后失效" + (f"，由《{after.zh}》代替。" if after else "。")
            en = f"It names the {basis.en}, which was in force until {act.until}" + (
                f", replaced by the {after.en}." if after else "."
            )
            clauses = basis.clauses or self.pack.head.clauses
            file = f"{self.pack.head.id}/pack.yaml"
            yield Finding("stale_basis", "finding", clauses, act.clauses, zh, en, file, 1)

    def _marks(self) -> Iterator[Finding]:
        """One mark with two meanings: right on both sides where the papers differ."""
        for lawful in self.law.tables.get(MARKS.name, ()):
            for row in self.pack.tables.get(MARKS.name, ()):
                shared = _words_of(row, "mark") & _words_of(lawful, "mark")
                if not shared or row.outcome.means == lawful.outcome.means:
                    continue
                in_context = disjoint(row, lawful)
                zh, en = _named(self.pack, sorted(shared))
                here, there = _named(self.pack, [row.outcome.means]), _named(self.law, [lawful.outcome.means])
                yield _finding(
                    "mark",
                    row,
                    row.clauses,
                    lawful.clauses,
                    f"“{zh}”在此指{here[0]}，法律上指{there[0]}；"
                    + ("所批文件不同，各在其所。" if in_context else "所批文件未分开。"),
                    f"“{en}” means “{here[1]}” here and “{there[1]}” in the law; "
                    + (
                        "the papers differ, each is right in its place."
                        if in_context
                        else "the papers are not told apart."
                    ),
                    "note" if in_context else "finding",
                )


# -- in itself ------------------------------------------------------------------


def _two_numbers(pack: Pack) -> Iterator[Finding]:
    """Two articles that set different limits for one thing; resolved where a row says how it is taken."""
    rows = [row for row in pack.tables.get(CLOCKS.name, ()) if row.outcome.span is not None]
    for one, other in combinations(rows, 2):
        a, b = one.outcome, other.outcome
        if a.name != b.name or a.span == b.span or _articles(pack, one) == _articles(pack, other):
            continue
        clauses = tuple(dict.fromkeys((*one.clauses, *other.clauses)))
        reading = one.reading or other.reading
        zh, en = zip(_spanned(pack, a.span), _spanned(pack, b.span), strict=True)
        yield Finding(
            "two_numbers",
            "resolved" if reading else "finding",
            clauses,
            (),
            f"同一事项（{pack.titled(a.name, 'zh')}）有两个期限：{zh[0]}与{zh[1]}。",
            f"One thing ({pack.titled(a.name, 'en')}) has two limits: {en[0]} and {en[1]}.",
            one.file,
            one.line,
            reading,
        )


def _acting(pack: Pack, laws: Sequence[Pack], on: date) -> Iterator[Finding]:
    """Somebody who acts for a chair of bodies and is a member of none of them."""
    bodies = [row.outcome for row in pack.tables.get(BODIES.name, ())]
    for row in pack.tables.get(ACTING.name, ()):
        principals = {
            held for cell in row.when if cell.fact == "principal" for word in cell.words for held in pack.posts_of(word)
        }
        chaired = [body for body in bodies if principals & {p for one in body.chair for p in _posts(pack, one)}]
        sitting = [who for body in chaired for who in (*body.members, *body.chair, *body.convener)]
        members = {held for one in sitting for post in _posts(pack, one) for held in pack.posts_of(post)}
        outside = [post for post in _posts(pack, row.outcome.deputy) if post not in members]
        if not members or not outside:
            continue
        zh, en = _named(pack, outside)
        powers = [(one, power) for one in laws for power in one.head.powers.values() if ACTING.name in power.tables]
        law = [power.clause for one, power in powers if clause_binds(one, power.clause, pack.head.tier, on)]
        yield _finding(
            "acting_outside",
            row,
            row.clauses,
            law,
            f"由{zh}代行，其不是所主持会议的组成人员；代行规则须容许会议以外的职务。",
            f"The {en} acts, no member of the bodies presided over: acting takes a post outside them.",
        )


def _cast(pack: Pack) -> Iterator[Finding]:
    """A post that a row needs and nobody of the sample roster holds."""
    if not pack.cast:
        return
    cast = Cast.model_validate(pack.cast)
    held = {seat.post for seat in cast.appointments}
    for table, rows in pack.tables.items():
        for row in rows:
            if row.force not in ("must", "in_principle"):
                continue
            for selector in selectors_in(row.outcome):
                if selector.how == "post" and selector.name and not held & pack.posts_of(selector.name):
                    zh, en = _named(pack, [selector.name])
                    yield _finding(
                        "nobody_in_cast",
                        row,
                        row.clauses,
                        (),
                        f"示例人员中没有{zh}，{table} 的这一行走不通。",
                        f"Nobody of the sample roster is {en}, which this row of {table} needs.",
                    )


# -- small things ------------------------------------------------------------------


def _out_of_power(word: str) -> Bilingual:
    return Bilingual(
        zh=f"规则包已写明无权（out_of_power: {word}）。", en=f"The pack says so itself (out_of_power: {word})."
    )


def _finding(
    kind: str,
    row: Row[Any],
    own: Iterable[str],
    law: Iterable[str],
    zh: str,
    en: str,
    level: Level = "finding",
    reading: Bilingual | None = None,
) -> Finding:
    return Finding(kind, level, tuple(own), tuple(law), zh, en, row.file, row.line, reading)


def _telling(pack: Pack, row: Row[Any], posts: Iterable[str]) -> tuple[str, ...]:
    """Of the clauses of a body those that name the posts, or all where none does."""
    names = [pack.titled(post, "zh") for post in posts]
    naming = tuple(c for c in row.clauses if any(name[-3:] in pack.clauses[c].zh for name in names))
    return naming or row.clauses


def _posts(pack: Pack, selector: Selector) -> list[str]:
    """The posts a selector can mean: named, of a group, or those to choose among."""
    if selector.how in ("post", "group") and selector.name:
        if selector.how == "post":
            return [selector.name]
        return [post for post in sorted(pack.posts_of(selector.name)) if post not in selector.without]
    inner = [selector.among] if selector.among else [*selector.parts]
    return [post for part in inner for post in _posts(pack, part)]


def _named(pack: Pack, words: Sequence[str]) -> tuple[str, str]:
    each = list(dict.fromkeys(words))
    return "、".join(pack.titled(word, "zh") for word in each), ", ".join(pack.titled(word, "en") for word in each)


def _one_a_clause(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """One row for each set of clauses, so that a clause is told once."""
    seen: dict[tuple[str, ...], Row[Any]] = {}
    for row in rows:
        seen.setdefault(row.clauses, row)
    return list(seen.values())


def _soft(row: Row[Gate]) -> bool:
    """Whether a gate refuses nothing."""
    return row.force in SOFT or row.outcome.on_missing == "show"


def _evidence(row: Row[Gate]) -> set[str]:
    return {word for need in row.outcome.require for word in need.evidence}


def _same_kind(one: Row[Any], other: Row[Any]) -> bool:
    return bool(_words_of(one, "kind") & _words_of(other, "kind"))


def _words_of(row: Row[Any], fact: str) -> frozenset[str]:
    """The words a row names for a fact as those it is for."""
    return frozenset(word for cell in row.when if cell.fact == fact and cell.how == "any_of" for word in cell.words)


def _longer(span: Span, limit: Span) -> bool:
    if span.unit == limit.unit:
        return span.n > limit.n
    return span.n * DAYS[span.unit] > limit.n * DAYS[limit.unit]


def _spanned(pack: Pack, span: Span | None) -> tuple[str, str]:
    zh, en = both(pack)
    return (zh.span(span), en.span(span)) if span is not None else ("", "")


def _articles(pack: Pack, row: Row[Any]) -> frozenset[str]:
    return frozenset(pack.clauses[clause].article for clause in row.clauses)


def _title(act: Basis) -> str:
    return act.zh.removeprefix("中华人民共和国")
