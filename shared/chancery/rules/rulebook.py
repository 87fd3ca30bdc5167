"""The rules in force, as decisions are handed them; and the shelf on which all packs stand."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from chancery.calendar import Calendar, Count, Span, bundled, count_back, count_forward, local_day
from chancery.deadlines.counting import counted, moves, recounted
from chancery.envelope import PackRef, Standing
from chancery.events.parts import Claim, Counted, Evidence, Excuse, Proof, StepDone
from chancery.names import Capacity, PersonId, PostId
from chancery.refusal import Citation, Reason, Refused
from chancery.roster import Roster
from chancery.rules.beside import UNITED, heard_by, in_force, strictest, united
from chancery.rules.gates import unmet
from chancery.rules.governments import Adoption, Government, read_governments
from chancery.rules.grammar import Closed, Route, Selector
from chancery.rules.loader import PackRefused, Problem, load_folder
from chancery.rules.pack import Dates, Excepted, Head, Pack
from chancery.rules.resolve import Case, Resolution, Resolver
from chancery.rules.routes import RouteState, progress
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.setting_aside import proved
from chancery.rules.tables import CLOCKS, GATES, Bilingual, Body, Clock, Gate, Table

O = TypeVar("O", bound=Closed)  # noqa: E741  an outcome
NOTHING = Case()
MOST_TENANTS = 100_000
"""How many names of tenants a shelf remembers, so that names nobody knows cannot fill the memory."""


@dataclass(frozen=True)
class Rules:
    """One government's rules at one moment, with its people and the calendar. Pure: all of it was handed in."""

    pack: Pack
    calendar: Calendar
    roster: Roster
    at: datetime
    beside: tuple[Pack, ...] = ()
    """Packs asked beside the own one, as it hears them (``beside.heard_by``)."""

    # -- asking the tables --------------------------------------------------

    def ask(self, table: Table[O], *, excepted: Excepted | None = None, **facts: Any) -> Ruling[O]:
        """What a table says; facts that are None are not known. See ``Pack.ask`` for the errors.

        ``excepted`` are the exceptions claimed and proved in the case (``setting_aside.proved``). Where rows of a table
        bind together (``beside.UNITED``), those of packs beside the own one stand among the hits.
        """
        asked = {name: value for name, value in facts.items() if value is not None}
        own = self.pack.ask(table, asked, excepted)
        if not self.beside or table.name not in UNITED:
            return own
        return united(own, (pack.ask(table, asked, excepted) for pack in self.beside))

    def body(self, id_: str) -> Body | None:
        return self.pack.body(id_)

    def body_ruling(self, id_: str) -> Ruling[Body]:
        return self.pack.body_ruling(id_)

    def setting(self, name: str, default: Any = None) -> Any:
        """A reading of the pack that a tenant may switch."""
        found = self.pack.head.settings.get(name)
        return default if found is None else found

    def number(self, register: str, **parts: object) -> str:
        """A number written by the pack's pattern for a register.

        Raises:
            Refused: the pack has no pattern for it.
        """
        found = self.pack.head.numbers.get(register)
        if found is None:
            raise Refused(Reason("no_number_pattern", params={"register": register, "pack": self.pack.head.id}))
        return found.pattern.format(code=found.code, **parts)

    def titled(self, word: str | None, language: Literal["zh", "en"] = "zh") -> str:
        """What people call a word of the pack, a unit or a person."""
        if word is not None and word in self.roster.units:
            zh, en = self.roster.unit_names(word)
            return zh if language == "zh" else en
        if word is not None and word in self.roster.persons:
            return self.roster.name(word)
        found = self.pack.titled(word, language)
        if found == word:
            return next((said for pack in self.beside if (said := pack.titled(word, language)) != word), found)
        return found

    def known(self, vocabulary: str, word: str | None) -> str | None:
        """The word, or None where this pack does not have it: events of others may speak of what it does not know."""
        words = self.pack.vocabulary(vocabulary)
        return word if word is not None and (not words or word in words) else None

    def files(self, evidence: str) -> bool:
        """Whether such evidence can be on file: some pack asked here has a word for it."""
        return any(evidence in pack.vocabulary("evidence") for pack in (self.pack, *self.beside))

    def known_of(self, vocabulary: str, words: Iterable[str]) -> frozenset[str]:
        """Those of the words that this pack has."""
        return frozenset(word for word in words if self.known(vocabulary, word) is not None)

    # -- gates -----------------------------------------------------------------

    def unmet_gates(
        self,
        stage: str,
        facts: Mapping[str, Any],
        on_file: Sequence[Evidence],
        case: Case = NOTHING,
        *,
        excuses: Sequence[Excuse] = (),
        claims: Sequence[Claim] = (),
        shown: bool = False,
    ) -> tuple[Ruling[Gate], tuple[Reason, ...]]:
        """The gates of a stage and everything that is missing at them, at once.

        ``excuses`` were given and ``claims`` of exceptions made in the case. ``shown``: what is missing at those that
        hold nothing up instead.
        """
        ruling = self.ask(GATES, excepted=proved(claims, on_file) if claims else None, stage=stage, **facts)
        reasons = unmet(
            ruling,
            on_file,
            case,
            resolve=lambda selector: self.who(selector, case),
            kind_of=self._kind_of,
            titled=lambda word: (self.titled(word, "zh"), self.titled(word, "en")),
            excuses=excuses,
            shown=shown,
        )
        return ruling, reasons

    def _kind_of(self, unit: str) -> str:
        found = self.roster.units.get(unit)
        if found is not None:
            return found.kind
        term = self.pack.term("units", unit)
        return (term.kind or "") if term else ""

    # -- clocks ----------------------------------------------------------------

    def clock(
        self, name: str, starts_at: datetime, *, limit: Span | None = None, **facts: Any
    ) -> tuple[Ruling[Clock], Count | None]:
        """The clock of a name for given facts, and when it runs out; None where the rules are silent.

        What the tenant set goes before the row's own number. ``limit`` is what a host set; it counts where the row lets
        the host override. Of several packs' limits the shortest that must be kept runs; its row is the first hit.
        """
        found = self.ask(CLOCKS, **facts)
        ruling = Ruling(found.table, found.pack, tuple(hit for hit in found.hits if hit.outcome.name == name))
        counts = [(hit, self._count(hit.outcome, starts_at, limit)) for hit in ruling.hits]
        hits, count = strictest(counts)
        return Ruling(found.table, found.pack, hits), count

    def _count(self, clock: Clock, starts_at: datetime, limit: Span | None) -> Count | None:
        span = self._from_setting(clock) or clock.span
        if limit is not None and clock.set_by_host == "overrides":
            span = limit
        return None if span is None else count_forward(self.calendar, starts_at, span, closing=self.closing)

    def counted(self, name: str, ruling: Ruling[Clock], count: Count) -> Counted:
        """A running clock in the form in which events keep it."""
        hit = ruling.hits[0]
        return counted(count, name=name, rule=hit.row, clauses=(c.clause for c in hit.cites), force=hit.force)

    def again(self, due: Counted) -> Counted:
        """A running clock as it is counted now: by this calendar, this closing time, this setting.

        What somebody set or agreed to stays; the same object comes back where nobody would notice a difference.
        """
        if due.calendar_version == "none":
            return due
        changed: dict[str, Any] = {} if due.unit == "hour" else {"closing": self.closing}
        row = next((row for row in self.pack.rows(CLOCKS) if row.id == due.rule), None)
        span = self._from_setting(row.outcome) if row is not None and row.outcome.from_setting else None
        if span is not None and due.set_to is None and due.extended_from is None:
            changed |= {"n": span.n, "unit": span.unit, "roll": span.roll, "first_day": span.first_day}
        now = recounted(due.model_copy(update=changed), self.calendar)
        return now if moves(due, now) else due

    def lead(self, span: Span, event_on: date) -> Count:
        """The last day by which something must be there so long before a day."""
        return count_back(self.calendar, event_on, span, closing=self.closing)

    @property
    def closing(self) -> time | None:
        found = self.setting("closing_time")
        return time.fromisoformat(found) if isinstance(found, str) else None

    def _from_setting(self, clock: Clock) -> Span | None:
        found = self.setting(clock.from_setting or "")
        return Span.model_validate(found) if isinstance(found, dict) else None

    # -- people ----------------------------------------------------------------

    @property
    def resolver(self) -> Resolver:
        return Resolver(self.pack, self.roster, self.at)

    def who(self, selector: Selector, case: Case = NOTHING, act: str = "", acting: str = "allowed") -> Resolution:
        """The people a selector means now, or why there is nobody."""
        return self.resolver.resolve(selector, case, act, acting)

    def is_one_of(
        self, person: str, selectors: Sequence[Selector], case: Case = NOTHING, act: str = ""
    ) -> Standing | None:
        """The standing in which somebody is meant by one of the selectors, if he is."""
        for selector in selectors:
            found = self.who(selector, case, act).of(person)
            if found is not None:
                return found
        return None

    def works_in(self, person: str, unit: str) -> bool:
        return any(a.person == person for a in self.roster.employed_in(unit, self.at))

    def own_standing(self, person: str, unit: str | None = None) -> Standing:
        """Somebody in his own right, through his first post (of a unit, where it is named)."""
        posts = [a for a in self.roster.held_by(person, self.at) if unit is None or a.unit == unit]
        return Standing(PersonId(person), PostId(posts[0].post) if posts else None, Capacity.OWN)

    # -- routes ----------------------------------------------------------------

    def route(
        self,
        route: Route,
        done: Sequence[StepDone],
        case: Case = NOTHING,
        *,
        at_body: str | None = None,
        switched_on: frozenset[str] = frozenset(),
    ) -> RouteState:
        """How far a route is, and who may take its open steps now."""

        def resolve(selector: Selector, act: str, acting: str) -> Resolution:
            return self.who(selector, case, f"{act}@{at_body}" if at_body else act, acting)

        return progress(route, done, resolve, applicant=case.applicant, switched_on=switched_on)

    def may_take(
        self, state: RouteState, person: str, do: str | None = None, cites: Sequence[Citation] = ()
    ) -> "Taking":
        """The open step that somebody takes now.

        Raises:
            Refused: (forbidden) nobody's turn, or not his; names whose turn it is, or that nobody holds the post.
        """
        found = state.for_person(person, do)
        if found is not None:
            one, standing = found
            return Taking(one.alternative, one.index, one.step.do, standing)
        if not state.open:
            raise Refused(Reason("route_complete", tuple(cites)))
        reasons: list[Reason] = []
        for one in state.open:
            if one.waits_for_nobody is not None:
                code = f"nobody_{one.waits_for_nobody}" if one.waits_for_nobody != "own_case" else "own_case"
                reasons.append(
                    Reason(code.replace("nobody_nobody_", "nobody_"), tuple(cites), {"who": one.who.written})
                )
            else:
                names = "、".join(self.roster.name(str(holder.person)) for holder in one.left)
                reasons.append(Reason("not_your_step", tuple(cites), {"do": one.step.do, "who": names}))
        raise Refused(*reasons, kind="forbidden")

    def step_done(self, taking: "Taking", opinion: str | None = None, proof: Proof | None = None) -> StepDone:
        """The step in the form in which events keep it."""
        standing = taking.standing
        return StepDone(
            alternative=taking.alternative,
            step=taking.index,
            do=taking.do,
            person=standing.person,
            post=standing.post,
            capacity=standing.capacity,
            acts_for=standing.acts_for,
            at=self.at,
            opinion=opinion,
            proof=proof,
        )


@dataclass(frozen=True, slots=True)
class Taking:
    """A step about to be taken: where in the route, what, by whom in what right."""

    alternative: int
    index: int
    do: str
    standing: Standing


# -- the shelf ------------------------------------------------------------------


class NoRules(Refused):
    """No pack is in force for the tenant on that day."""

    def __init__(self, tenant: str, on: date) -> None:
        super().__init__(Reason("no_rules_in_force", params={"tenant": tenant, "on": on.isoformat()}))


class RulesGone(Refused):
    """The rules a case began under are not on the shelf any more: it is judged by no others, and stays readable."""

    def __init__(self, ref: PackRef, here: Iterable[str]) -> None:
        same = sorted(name for name in here if name.partition("@")[0] == ref.id)
        params = {"pack": f"{ref.id}@{ref.version}", "here": "、".join(same) or "—"}
        super().__init__(Reason("case_rules_gone", params=params), kind="away")


@dataclass(frozen=True)
class RuleShelf:
    """All packs and governments, loaded and checked. Immutable; a reload makes another."""

    packs: Mapping[str, Pack]
    governments: tuple[Government, ...]
    calendar: Calendar = field(default_factory=bundled)
    _heard: dict[tuple[PackRef, PackRef, frozenset[str]], Pack] = field(default_factory=dict[Any, Any], compare=False)

    @classmethod
    def load(cls, packs: Path, governments: Path, calendar: Calendar | None = None) -> "RuleShelf":
        """Load a folder of packs and the governments' file.

        Raises:
            PackRefused: with every problem of every file.
        """
        problems: list[Problem] = []
        loaded: Mapping[str, Pack] | None = None
        try:
            loaded = load_folder(packs)
        except PackRefused as refused:
            problems += refused.problems
        found, wrong = read_governments(governments, loaded)
        problems += wrong
        if problems or loaded is None:
            raise PackRefused(problems)
        return cls(loaded, found, calendar or bundled())

    def again(self, packs: Path, governments: Path) -> "tuple[RuleShelf, tuple[Problem, ...]]":
        """Load anew: the new shelf, or, where it does not load, this one and everything wrong with the new."""
        try:
            return type(self).load(packs, governments, self.calendar), ()
        except PackRefused as refused:
            return self, refused.problems

    def government(self, tenant: str) -> Government | None:
        """A tenant's entry: the one of its own name, else the first whose pattern fits; looked up once."""
        found = self._by_tenant.get(tenant)
        if found is None and tenant not in self._by_tenant:
            found = next((one for one in self._patterns if fnmatchcase(tenant, one.id)), None)
            if len(self._by_tenant) < MOST_TENANTS:
                self._by_tenant[tenant] = found
        return found

    @cached_property
    def _by_tenant(self) -> dict[str, Government | None]:
        return {one.id: one for one in reversed(self.governments)}

    @cached_property
    def _patterns(self) -> tuple[Government, ...]:
        return tuple(one for one in self.governments if any(sign in one.id for sign in "*?["))

    def of(self, ref: PackRef) -> Pack | None:
        """A pack by id and version: a case keeps its own."""
        return self.packs.get(f"{ref.id}@{ref.version}")

    def began_under(self, ref: PackRef, *, to_read: bool = False) -> Pack:
        """The pack a case began under.

        ``to_read``: where it is gone, a pack of that name without a word or a row, so that what was decided can still
        be shown; nothing is borrowed from another.

        Raises:
            RulesGone: it is not on the shelf, and not only to be read.
        """
        found = self.of(ref)
        if found is not None:
            return found
        if to_read:
            return gone(ref)
        raise RulesGone(ref, self.packs)

    def adopted(self, adoption: Adoption) -> Pack | None:
        """The pack that an adoption names, by its id or by ``id@version``."""
        return self.packs.get(adoption.pack) or self.named(adoption.pack)

    def adopted_by(self, tenant: str) -> tuple[Pack, ...]:
        """Every pack that the tenant has ever adopted as its own."""
        government = self.government(tenant)
        found = [self.adopted(one) for one in (government.adopted if government else ()) if not one.beside]
        return tuple(pack for pack in found if pack is not None)

    @cached_property
    def settings_digest(self) -> str:
        """A name for all that packs leave to settings: a deadline counted under another is counted anew."""
        said = {name: pack.head.settings for name, pack in sorted(self.packs.items())}
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def named(self, id_: str) -> Pack | None:
        """The latest version of a pack."""
        versions = [pack for pack in self.packs.values() if pack.head.id == id_]
        return max(versions, key=lambda pack: _in_order(pack.head.version), default=None)

    def in_force(self, tenant: str, on: date) -> Pack:
        """The tenant's own rules on a day.

        Raises:
            NoRules: none is in force; says since when one is.
        """
        government = self.government(tenant)
        for adoption in government.adopted if government else ():
            if adoption.holds(on) and not adoption.beside:
                pack = self.adopted(adoption)
                if pack is not None:
                    return pack
        raise NoRules(tenant, on)

    def beside(self, tenant: str, on: date) -> tuple[Pack, ...]:
        """Packs the tenant has adopted beside its own (the national baseline)."""
        government = self.government(tenant)
        found = [self.adopted(a) for a in (government.adopted if government else ()) if a.beside and a.holds(on)]
        return tuple(pack for pack in found if pack is not None)

    def heard(self, tenant: str, on: date, own: Pack) -> tuple[Pack, ...]:
        """The packs beside a government's own as it hears them: what binds its tier on that day, in its words."""
        found: list[Pack] = []
        for pack in self.beside(tenant, on):
            key = (own.ref, pack.ref, in_force(pack, on))
            heard = self._heard.get(key)
            if heard is None:
                heard = self._heard[key] = heard_by(pack, own, on)
            found.append(heard)
        return tuple(found)

    def rules(
        self, tenant: str, roster: Roster, at: datetime, ref: PackRef | None = None, *, to_read: bool = False
    ) -> Rules:
        """The rules for a decision at a moment; with ``ref`` those a case began under, and no others.

        Raises:
            NoRules: none is in force. RulesGone: those of the case are not here; see ``began_under``.
        """
        pack = self.began_under(ref, to_read=to_read) if ref else self.in_force(tenant, local_day(at))
        return Rules(pack, self.calendar, roster, at, self.heard(tenant, local_day(at), pack))


def gone(ref: PackRef) -> Pack:
    """What is left of a pack that is gone: its name."""
    nothing = Bilingual(zh="", en="")
    head = Head.model_construct(
        id=ref.id,
        version=ref.version,
        title=nothing,
        tier="district",
        issuer=nothing,
        dates=Dates.model_construct(effective=date.max),
    )
    return Pack(head, {}, {}, {})


def _in_order(version: str) -> list[tuple[int, str]]:
    """A version so that 2022.10 comes after 2022.9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"[.-]", version)]


def merged(*rulings: Ruling[Any]) -> tuple[Citation, ...]:
    """The citations of several rulings, each clause once."""
    seen: dict[str, Citation] = {}
    for ruling in rulings:
        for cite in ruling.citations:
            seen.setdefault(cite.clause, cite)
    return tuple(seen.values())


def only(ruling: Ruling[O], hit: Hit[O]) -> Ruling[O]:
    """A ruling narrowed to one of its hits, so that an event cites just what it rests on."""
    return Ruling(ruling.table, ruling.pack, (hit,))
