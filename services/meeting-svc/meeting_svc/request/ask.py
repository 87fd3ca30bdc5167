"""Ask to hold a meeting (申请开会): refused, routed or free, as the rows that bind it say together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.meeting import MeetingApproved, MeetingAsk, MeetingRequested, RequestEvent
from chancery.events.parts import Claim, Evidence
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Hit
from chancery.rules.setting_aside import proved
from chancery.rules.tables import CAPS, MEETING_REQUESTS, MeetingRequest
from chancery.thing import Told
from meeting_svc.request.state import Request, Stage
from meeting_svc.request.way import caps_of, ruling_of, walk_of

HARD = frozenset({"must", "in_principle"})
BUDGET_LINE = "budget_line"
"""What a row names where the costs have to be provided for; the form itself carries it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """``on_file`` and ``claims`` are those of the matter it belongs to.

    ``held`` is how many such meetings of its unit count before this one in the same year, ``place`` the year in which
    it took its place.
    """

    by: PersonId
    at: datetime
    asked: MeetingAsk
    on_file: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    held: int = 0
    place: UUID | None = None


@dataclass(slots=True)
class _Found:
    """What the rows made of it so far."""

    reasons: list[Reason] = field(default_factory=list[Reason])
    permits: list[str] = field(default_factory=list[str])
    routed: list[str] = field(default_factory=list[str])
    decided: bool = False
    asks_by: date | None = None

    def against(self, table: str, hit: Hit[object], reason: Reason, *, permitted: bool) -> None:
        """What must be is refused; what holds in principle waits for whoever may excuse it, where a row names him."""
        name = f"{table}/{hit.row}"
        if not permitted:
            self.reasons.append(reason)
        elif name not in self.permits:
            self.permits.append(name)


def ask(command: Ask, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By somebody of the unit. Every row that matches binds; what stands against it is said at once.

    A decision on the matter's file stands in place of a route where the row says so. Where nobody is left to say a
    word, the meeting may be held at once.

    Raises:
        Refused: one reason per row that forbids it, people who may not be summoned, a full year, a late asking, another
            place, or something not brought; (forbidden) not of the unit.
    """
    asked = command.asked
    if request.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("meeting_asked_already"))
    if asked.unit not in rules.roster.units:
        raise Refused(Reason("unknown_unit", params={"unit": asked.unit}, subject="unit"))
    if not rules.works_in(command.by, asked.unit):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(asked.unit)}), kind="forbidden")
    found, caps = _Found(), caps_of(rules, asked)
    ruling = ruling_of(rules, asked, proved(command.claims, command.on_file))
    for hit in ruling.hits:
        _judge(found, hit, command, rules)
    for cap in caps.hits:
        if cap.force in HARD and cap.outcome.on_exceed == "refuse":
            full = cap.outcome.max is not None and command.held >= cap.outcome.max
            permitted = cap.permit is not None or cap.outcome.permit is not None
            if full:
                reason = _full(rules, command, int(cap.outcome.max or 0), cap.cites)
                found.against(CAPS.name, cap, reason, permitted=permitted)
    if found.reasons:
        raise Refused(*found.reasons)
    requested = MeetingRequested(
        request_id=request.id,
        asked=asked,
        row=found.routed[0] if found.routed else None,
        joined=tuple(found.routed[1:]),
        permits=tuple(found.permits),
        asks_by=found.asks_by,
        requested_by=command.by,
        place=command.place,
    )
    rests_on: tuple[AnyRuling, ...] = tuple(one for one in (ruling, caps) if one.regulated)
    standing = rules.own_standing(command.by, asked.unit)
    told: list[Told[RequestEvent]] = [Told(requested, rests_on, standing)]
    if walk_of(rules, requested, ()) is None:
        told.append(Told(approved(requested, by_decision=found.decided), rests_on, standing))
    return told


def approved(requested: MeetingRequested, *, by_decision: bool = False) -> MeetingApproved:
    asked = requested.asked
    return MeetingApproved(
        request_id=requested.request_id,
        unit=asked.unit,
        scope=asked.scope,
        meets_on=asked.meets_on,
        by_decision=by_decision,
    )


def _judge(found: _Found, hit: Hit[MeetingRequest], command: Ask, rules: Rules) -> None:
    row, asked = hit.outcome, command.asked
    permitted = hit.force == "in_principle" and hit.permit is not None
    table = MEETING_REQUESTS.name
    if hit.force in HARD:
        barred = [word for word in asked.summons if word in row.may_not_summon]
        if row.answer == "refuse":
            found.against(table, hit, Reason("meeting_not_held", hit.cites), permitted=permitted)
        elif barred:
            names = {"who": "、".join(rules.titled(word) for word in barred)}
            reason = Reason("may_not_summon", hit.cites, names, subject="summons")
            found.against(table, hit, reason, permitted=permitted)
        if row.max_per_year is not None and command.held >= row.max_per_year:
            reason = _full(rules, command, row.max_per_year, hit.cites)
            found.against(table, hit, reason, permitted=permitted)
        found.reasons += _particulars(found, hit, command, rules)
    _routed(found, hit, command, rules)


def _routed(found: _Found, hit: Hit[MeetingRequest], command: Ask, rules: Rules) -> None:
    """Whether the row's route is to be gone, or a decision on file stands in its place."""
    row = hit.outcome
    decided = any(one.evidence in row.evidence for one in command.on_file)
    if row.evidence and decided:
        found.decided = True
    elif row.route is not None:
        found.routed.append(hit.row)
    elif row.evidence and hit.force in HARD:
        names = {"what": "、".join(rules.titled(word) for word in row.evidence)}
        found.reasons.append(Reason("meeting_wants_decision", hit.cites, names, subject="matter_id"))


def _particulars(found: _Found, hit: Hit[MeetingRequest], command: Ask, rules: Rules) -> list[Reason]:
    row, asked = hit.outcome, command.asked
    reasons: list[Reason] = []
    if row.lead is not None:
        due = rules.lead(row.lead, asked.meets_on).due_on
        found.asks_by = due if found.asks_by is None else min(due, found.asks_by)
        if local_day(command.at) > due:
            params = {"due_on": due.isoformat()}
            reasons.append(Reason("meeting_asked_late", hit.cites, params, subject="meets_on"))
    if row.venue is not None and asked.venue != row.venue:
        params = {"venue": rules.titled(row.venue)}
        reasons.append(Reason("meeting_elsewhere", hit.cites, params, subject="venue"))
    brought = {*asked.brings, *((BUDGET_LINE,) if asked.budget_line else ())}
    reasons += [
        Reason("meeting_wants", hit.cites, {"what": rules.titled(word), "word": word}, subject="brings")
        for word in row.requires
        if word not in brought
    ]
    return reasons


def looked_for(command: Ask, rules: Rules) -> list[Reason]:
    """What rows that hold normally look for and do not find: it is pointed out and stands in nobody's way.

    Where the meeting is held as the row wants it, or what the row asks for instead is brought, nothing is left to say.
    """
    asked, found = command.asked, list[Reason]()
    for hit in ruling_of(rules, asked, proved(command.claims, command.on_file)).hits:
        row = hit.outcome
        if hit.force != "normally" or (row.venue is not None and row.venue == asked.venue):
            continue
        if row.venue is not None and row.requires and set(row.requires) <= set(asked.brings):
            continue
        found += _particulars(_Found(), hit, command, rules)
    return found


def _full(rules: Rules, command: Ask, most: int, cites: tuple[Citation, ...]) -> Reason:
    params = {
        "unit": rules.titled(command.asked.unit),
        "year": command.asked.meets_on.year,
        "held": command.held,
        "most": most,
    }
    return Reason("meetings_of_the_year", cites, params, subject="meets_on")
