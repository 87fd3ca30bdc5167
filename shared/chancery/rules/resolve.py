"""Who is meant: a selector, a roster, a moment and a case give the people who may act, or say that there is nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chancery.envelope import Standing
from chancery.names import Capacity, PersonId, PostId
from chancery.roster import Appointment, Roster
from chancery.rules.grammar import Selector
from chancery.rules.pack import Pack

WHOLE = frozenset({"whole_office", "preside"})
"""Scopes that carry every act of the office, save what is excluded."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a route runs on: the units and people a selector may speak of.

    ``applicant`` is whoever the case is about on his own request; he takes no deciding step of it. ``chosen`` and
    ``authorised`` are people named for it by those who may (``chosen_by``, ``authorised_by``). ``refers`` are the ids
    and classes by which a mandate can mean just this case: its document, its matter, its kind. ``more_leads`` are the
    lead units of the other items where the case is about several, as minutes are.
    """

    lead_unit: str | None = None
    more_leads: tuple[str, ...] = ()
    units_involved: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    raiser: str | None = None
    applicant: str | None = None
    chair: str | None = None
    convener: str | None = None
    body: str | None = None
    chosen: frozenset[str] = frozenset()
    authorised: frozenset[str] = frozenset()
    refers: frozenset[str] = frozenset()
    facts: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Resolution:
    """The people a selector means, each in the right in which he would act.

    ``every`` says that all of them have to act, not any one. ``nobody`` names why the list is empty, or, where all have
    to act, why somebody is missing from it: vacant, nobody_in_charge, nobody_named, outside; none_other says that
    there is nobody else whom it concerns.
    """

    holders: tuple[Standing, ...] = ()
    every: bool = False
    nobody: str | None = None
    written: str = ""

    def of(self, person: str) -> Standing | None:
        return next((holder for holder in self.holders if holder.person == person), None)

    def people(self) -> frozenset[str]:
        return frozenset(str(holder.person) for holder in self.holders)


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves selectors as of one moment; ``act`` (sign, chair …) decides whether a mandate to act covers it."""

    pack: Pack
    roster: Roster
    at: datetime

    def resolve(self, selector: Selector, case: Case, act: str = "", acting: str = "allowed") -> Resolution:
        found = self._resolve(selector, case, act, acting)
        return Resolution(found.holders, found.every, found.nobody, selector.written())

    def _resolve(self, selector: Selector, case: Case, act: str, acting: str) -> Resolution:
        match selector.how:
            case "post":
                return self._posts(self.pack.posts_of(str(selector.name)), act, acting)
            case "group":
                out_of_it = (self.pack.posts_of(word) for word in selector.without)
                posts = self.pack.posts_of(str(selector.name)).difference(*out_of_it)
                found = self._posts(posts, act, acting)
                left_out = {"applicant": case.applicant, "raiser": case.raiser}
                out = {left_out.get(word) for word in selector.without}
                return Resolution(tuple(h for h in found.holders if h.person not in out), found.every, found.nobody)
            case "unit":
                return self._people(self.roster.employed_in(str(selector.name), self.at), "vacant")
            case "external":
                return Resolution(nobody="outside")
            case "in_charge_of":
                return self._in_charge(str(selector.name), case, act, acting)
            case "head_of" | "responsible_of":
                return self._heads(str(selector.name), case)
            case "assistant_of":
                principals = self._inner(selector, case, act, acting)
                helpers = [a for p in sorted(principals.people()) for a in self.roster.assistants(p, self.at)]
                return self._named(helpers, "nobody_named")
            case "chair_of":
                return self._named([case.chair], "nobody_named")
            case "convener_of":
                return self._named([case.convener], "nobody_named")
            case "raiser_of":
                return self._named([case.raiser], "nobody_named")
            case "applicant":
                return self._named([case.applicant], "nobody_named")
            case "chosen_by":
                return self._chosen(selector, case, case.chosen, "matter")
            case "authorised_by":
                return self._chosen(selector, case, case.authorised, "signing")
            case "counterpart_of":
                return self._prefer(selector, case, act, acting)
            case "any":
                return self._united(selector, case, act, acting, every=False)
            case "all":
                return self._united(selector, case, act, acting, every=True)
            case "each":
                inner = self._inner(selector, case, act, acting)
                return Resolution(inner.holders, True, inner.nobody)
            case _:
                return Resolution(nobody="nobody_named")

    def _inner(self, selector: Selector, case: Case, act: str, acting: str) -> Resolution:
        return self._resolve(selector.of, case, act, acting) if selector.of else Resolution(nobody="nobody_named")

    def _posts(self, posts: frozenset[str], act: str, acting: str) -> Resolution:
        held = self.roster.holders(posts, self.at)
        return _of([self.standing(a.person, a.post, act, acting) for a in held], "vacant")

    def standing(self, person: str, post: str, act: str, acting: str = "allowed") -> Standing:
        """The holder of a post, or who acts for him at this moment where the mandate covers the act."""
        over = self.roster.acting(post, self.at, principal=person)
        if over is not None and acting != "never" and covers(over.scope, over.excludes, act, acting):
            return Standing(PersonId(over.actor), PostId(post), Capacity.ACTING, PersonId(person))
        return Standing(PersonId(person), PostId(post))

    def _people(self, appointments: Iterable[Appointment], why: str) -> Resolution:
        return _of([Standing(PersonId(a.person), PostId(a.post)) for a in appointments], why)

    def _named(self, people: Iterable[str | None], why: str) -> Resolution:
        found: list[Standing] = []
        for person in people:
            if person is None:
                continue
            posts = self.roster.held_by(person, self.at)
            found.append(Standing(PersonId(person), PostId(posts[0].post) if posts else None))
        return _of(found, why)

    def _in_charge(self, what: str, case: Case, act: str, acting: str) -> Resolution:
        lead = frozenset({case.lead_unit, *case.more_leads} if case.lead_unit else case.more_leads)
        subjects = frozenset(case.subjects)
        if what == "subject":
            people = self.roster.in_charge_of(self.at, frozenset(), subjects)
        elif what == "other_portfolios":
            own = set(self.roster.in_charge_of(self.at, lead))
            others = frozenset(case.units_involved) - lead
            people = tuple(p for p in self.roster.in_charge_of(self.at, others) if p not in own)
            return self._leaders(people, act, acting, "none_other")
        else:
            people = self.roster.in_charge_of(self.at, lead, subjects if what == "matter" else frozenset())
        return self._leaders(people, act, acting, "nobody_in_charge")

    def _leaders(self, people: Iterable[str], act: str, acting: str, why: str) -> Resolution:
        """Each in his government post, though he may hold others; whoever acts for him in one of them in his place."""
        found: list[Standing] = []
        terms = self.pack.words.get("posts", {})
        for person in people:
            held = [a.post for a in self.roster.held_by(person, self.at)]
            posts = sorted(held, key=lambda post: post in terms and terms[post].line != "government")
            ways = [self.standing(person, post, act, acting) for post in posts]
            found += [next((way for way in ways if way.capacity is Capacity.ACTING), ways[0])] if ways else []
        return _of(found, why)

    def _heads(self, what: str, case: Case) -> Resolution:
        heads = self.pack.unit_heads
        units = case.units_involved if what == "involved_unit" else (case.lead_unit,)
        found = {unit: self.roster.holders(heads, self.at, unit) for unit in units if unit}
        if not found:
            return Resolution(nobody="none_other" if what == "involved_unit" else "nobody_named")
        people = self._people([a for held in found.values() for a in held], "vacant")
        return people if all(found.values()) else Resolution(people.holders, False, "vacant")

    def _chosen(self, selector: Selector, case: Case, named: frozenset[str], kind: str) -> Resolution:
        among = self._resolve(selector.among, case, "", "never").people() if selector.among else None
        # What the holder gave counts on while another acts for him; and whoever acts may give as well.
        givers = self._inner(selector, case, "", "allowed").people() | self._inner(selector, case, "", "never").people()
        by_mandate = {
            e.receiver
            for e in self.roster.entrusted(kind, self.at)
            if (not givers or e.giver in givers) and _means(e.reference, case)
        }
        if kind == "matter":
            # Who acts for the giver himself; whoever was named to act for a third person was chosen for that alone.
            acting = self.roster.entrusted("acting", self.at)
            by_mandate |= {e.receiver for e in acting if e.giver in givers and e.reference is None}
        people = sorted((named | by_mandate) if among is None else (named | by_mandate) & among)
        found = self._named(people, "nobody_named")
        holders = tuple(Standing(h.person, h.post, Capacity.ENTRUSTED) for h in found.holders)
        return Resolution(holders, False, found.nobody)

    def _prefer(self, selector: Selector, case: Case, act: str, acting: str) -> Resolution:
        return self._resolve(selector.prefer, case, act, acting) if selector.prefer else Resolution(nobody="outside")

    def _united(self, selector: Selector, case: Case, act: str, acting: str, *, every: bool) -> Resolution:
        found: dict[str, Standing] = {}
        nobody: str | None = None
        for part in selector.parts:
            inner = self._resolve(part, case, act, acting)
            if not inner.holders and every:
                nobody = inner.nobody
            for holder in inner.holders:
                found.setdefault(str(holder.person), holder)
        why = nobody or (None if found else "nobody_named")
        return Resolution(tuple(found.values()), every, why)


def _means(reference: str | None, case: Case) -> bool:
    """Whether a mandate reaches the case: one with a reference reaches what it refers to and nothing else."""
    return reference is None or not case.refers or reference in case.refers


def _of(found: list[Standing], why: str) -> Resolution:
    once: dict[str, Standing] = {}
    for holder in found:
        once.setdefault(str(holder.person), holder)
    return Resolution(tuple(once.values()), False, None if once else why)


def covers(scope: frozenset[str], excludes: tuple[str, ...], act: str, acting: str) -> bool:
    """Whether a mandate covers an act. ``excludes`` are acts, or acts at a place: ``chair@executive``."""
    bare = act.partition("@")[0]
    if act in excludes or bare in excludes:
        return False
    if bare in scope or act in scope:
        return True
    return acting != "listed_only" and not scope.isdisjoint(WHOLE)
