"""Record what the sitting decided on one item (决定事项)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chancery.events.meeting import DecisionRecorded, ScheduledItem, SittingEvent
from chancery.events.parts import Claim, Decision, Dissent, Evidence, Excuse
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grounds import bound_by
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from meeting_svc.agenda_item.state import CLOSED, AgendaItem
from meeting_svc.clerks import clerk
from meeting_svc.facts import case_of, facts_of, unknown_words
from meeting_svc.kept import content_of, keeping, stub_of
from meeting_svc.sitting.outcomes import ADOPTED, WITHOUT_DECISION, Outcome
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Record:
    """``item``, ``on_file``, ``excuses`` and ``claims`` are the item and the matter's file as they stand now.

    ``lead`` None: the matter's lead unit. ``salt`` goes with what is kept back, where the rules keep it back.
    """

    by: PersonId
    item_id: UUID
    outcome: Outcome
    text: str
    on_file: tuple[Evidence, ...] = ()
    lead: str | None = None
    cooperating: tuple[str, ...] = ()
    due_on: date | None = None
    orders_document: str | None = None
    item: AgendaItem | None = None
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()
    referred_to: str | None = None
    dissent: tuple[Dissent, ...] = ()
    salt: str = ""


def whole(command: Record, item: ScheduledItem) -> Decision:
    """What the sitting decided, with all of its content."""
    return Decision(
        no=item.no,
        item_id=item.item_id,
        matter_id=item.matter_id,
        title=item.facts.title,
        kind=item.facts.kind,
        features=item.facts.features,
        major=item.facts.major,
        outcome=command.outcome.value,
        text=command.text,
        lead=command.lead or item.facts.lead_unit,
        cooperating=command.cooperating,
        due_on=command.due_on,
        orders_document=command.orders_document,
        referred_to=command.referred_to,
        dissent=command.dissent,
    )


def record(command: Record, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """One outcome an item; what may not pass under the rules is not recorded as passed.

    Raises:
        Refused: the sitting is not open, the item is not of it or decided already, the body takes no decisions,
            a gate of the decision is unmet; (forbidden) not the office acts.
    """
    convened = sitting.convened
    if convened is None or sitting.stage is not Stage.OPEN:
        raise Refused(Reason("not_open"))
    office = clerk(rules, convened.body, command.by)
    item = next((one for one in sitting.items if one.item_id == command.item_id), None)
    if item is None:
        raise Refused(Reason("item_not_of_this_sitting", subject="item_id"))
    lacking = _lacking(command, sitting, item, rules, decides=office.body.decides, body=convened.body)
    gates = None
    if command.outcome in ADOPTED:
        asked = facts_of(rules, item.facts) | {"body": convened.body}
        gates, unmet = rules.unmet_gates(
            "decision",
            asked,
            command.on_file,
            case_of(item.facts),
            excuses=command.excuses,
            claims=command.claims,
        )
        lacking += unmet
    if lacking:
        raise Refused(*lacking)
    decision = whole(command, item)
    kept = keeping(rules, item.facts, convened.body)
    if kept:
        decision = stub_of(decision, content_of(decision, command.salt))
    told = DecisionRecorded(
        sitting_id=sitting.id, decision=decision, body=convened.body, decided_on=convened.sitting_on
    )
    under: list[AnyRuling] = [office.ruling, *([bound_by(gates)] if gates is not None else []), *kept]
    return [Told(told, tuple(under), office.standing)]


def _lacking(
    command: Record, sitting: Sitting, item: ScheduledItem, rules: Rules, *, decides: bool, body: str
) -> list[Reason]:
    lacking: list[Reason] = []
    now = command.item
    if now is not None and command.outcome is not Outcome.DEFERRED and _gone(now, sitting):
        lacking.append(Reason("item_gone", params={"title": item.facts.title}, subject="item_id"))
    if any(decision.item_id == item.item_id for decision in sitting.decisions):
        lacking.append(Reason("decided_already", params={"title": item.facts.title}, subject="item_id"))
    if any(off.item_id == item.item_id for off in sitting.put_off):
        cites = tuple(rules.body_ruling(body).citations)
        lacking.append(Reason("item_put_off", cites, {"title": item.facts.title}, subject="item_id"))
    if command.referred_to is not None and command.outcome is not Outcome.REFERRED_UP:
        lacking.append(Reason("nothing_referred_up", params={"outcome": command.outcome.value}, subject="referred_to"))
    lacking += [
        Reason("not_present", params={"person": rules.titled(one.person)}, subject="dissent")
        for one in command.dissent
        if one.person not in sitting.seats
    ]
    if not decides and command.outcome not in WITHOUT_DECISION:
        names = {"body": rules.titled(body), "outcomes": "、".join(sorted(WITHOUT_DECISION))}
        cites = tuple(rules.body_ruling(body).citations)
        lacking.append(Reason("body_does_not_decide", cites, names, subject="outcome"))
    if command.orders_document is not None:
        if command.outcome not in ADOPTED:
            params = {"outcome": command.outcome.value}
            lacking.append(Reason("nothing_to_carry_out", params=params, subject="orders_document"))
        lacking += unknown_words(rules, "kinds", [command.orders_document], "orders_document")
    lacking += [
        Reason("unknown_unit", params={"unit": unit}, subject="lead")
        for unit in dict.fromkeys((*((command.lead,) if command.lead else ()), *command.cooperating))
        if unit not in rules.roster.units
    ]
    return lacking


def _gone(item: AgendaItem, sitting: Sitting) -> bool:
    """Whether the item went elsewhere after this sitting was called: only putting it off is left then."""
    return item.sitting_id not in (None, sitting.id) or item.stage in CLOSED
