"""What a caller sees of matters, their papers and what was decided on them (知悉范围)."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import array

from chancery.events.meeting import MatterFacts, ScheduledItem
from chancery.events.parts import Decision
from chancery.files import Files
from chancery.files.store import whole
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.sight import TO_READER, Sees, kept_features, sight
from chancery.web import WebDesk
from meeting_svc.clerks import organises_something
from meeting_svc.facts import case_of
from meeting_svc.kept import SHOWN_AS, TITLE, content_of, decision_in, place_of
from meeting_svc.matter.state import MATTER, Matter
from meeting_svc.projections.tables import MATTERS
from meeting_svc.sitting.seating import of_an_item
from meeting_svc.sitting.state import Sitting

PAPERS: Final = "agenda_papers"
DECISION: Final = "decision"
TO_ATTENDEE_OR_HANDLER: Final = "decision_to_attendee_or_handler"
MOST: Final = 5_000
RANK: Final[Mapping[Sees, int]] = {"all": 0, "stub": 1, "nothing": 2}


def reads(rules: Rules, matter: Matter, person: str) -> bool:
    """Whether somebody is a reader of the matter: named, or because it lies in his hands."""
    facts = matter.facts
    if facts is None or person in matter.readers or person == matter.opened_by:
        return True
    units = frozenset({facts.lead_unit})
    in_charge = rules.roster.in_charge_of(rules.at, units, frozenset(facts.subjects))
    return person in in_charge or organises_something(rules, person)


def sees_matter(rules: Rules, matter: Matter, person: str, body: str | None = None) -> Sees:
    """What somebody sees of a matter and its papers."""
    facts = matter.facts
    if facts is None:
        return "all"
    named = (TO_READER,) if reads(rules, matter, person) else ()
    return sight(
        rules, PAPERS, person, features=facts.features, body=body, case=_case(facts, matter, body), named=named
    ).sees


def sees_decision(rules: Rules, matter: Matter, decision: Decision, sitting: Sitting, person: str) -> Sees:
    """What somebody sees of a decision: those who were there and those who carry it out see what their rows say."""
    facts, body = matter.facts, sitting.convened.body if sitting.convened else None
    if facts is None:
        return "all"
    there = _was_there(rules, sitting, decision, person)
    units = [unit for unit in (decision.lead, *decision.cooperating) if unit is not None]
    handles = any(rules.works_in(person, unit) for unit in units)
    named: list[str] = []
    if there or handles or organises_something(rules, person):
        named.append(TO_ATTENDEE_OR_HANDLER)
    if reads(rules, matter, person):
        named.append(TO_READER)
    case = _case(facts, matter, body)
    found: list[Sees] = [
        sight(rules, what, person, features=facts.features, body=body, case=case, named=named).sees for what in SHOWN_AS
    ]
    return max(found, key=RANK.__getitem__)


def _was_there(rules: Rules, sitting: Sitting, decision: Decision, person: str) -> bool:
    """Whether somebody sat while it was decided; who came for other items alone did not."""
    seat = sitting.seats.get(person)
    if seat is None or seat.seat == "observer":
        return False
    own = of_an_item(rules, sitting, person) if seat.seat != "member" else frozenset[str]()
    return not own or str(decision.item_id) in own


def _case(facts: MatterFacts, matter: Matter, body: str | None) -> Case:
    return case_of(facts, raiser=matter.opened_by, body=body)


async def looked_at(desk: WebDesk, rules: Rules, matter: Matter) -> None:
    """Answer as if it were not there where the caller sees nothing, or a stub, of it.

    Raises:
        Refused: he does not see it (``missing``).
    """
    if matter.facts is not None and sees_matter(rules, matter, desk.caller.actor) != "all":
        raise not_found("matter")


async def kept_from(desk: WebDesk) -> frozenset[UUID]:
    """The matters of which the caller does not see everything; empty where the rules keep nothing back."""
    rules = await desk.rules()
    words = kept_features(rules)
    if not words:
        return frozenset()
    features = MATTERS.c.facts["features"]
    query = select(MATTERS.c.matter_id).where(features.has_any(array(sorted(words)))).limit(MOST + 1)
    async with desk.query() as connection:
        found = (await connection.execute(query)).scalars().all()
    if len(found) > MOST:
        raise Refused(Reason("too_many_kept", params={"most": MOST}))
    hidden: set[UUID] = set()
    for matter_id in found:
        seen = await desk.seen(MATTER, matter_id)
        judged = await desk.rules(pack=seen.pack, to_read=True)
        if sees_matter(judged, seen.state, desk.caller.actor) != "all":
            hidden.add(matter_id)
    return frozenset(hidden)


async def masked(desk: WebDesk, rules: Rules, sitting: Sitting) -> Sitting:
    """The sitting as the caller sees it: of a matter that is not for his eyes, only that there is an item.

    Whom the office sent an item's papers to is a reader of the item.
    """
    words = kept_features(rules)
    convened = sitting.convened
    if convened is None or all(words.isdisjoint(item.facts.features) for item in sitting.items):
        return sitting

    async def seen(item: ScheduledItem) -> ScheduledItem:
        handed = any(item.item_id in one.items and desk.caller.actor in one.to for one in sitting.papers)
        if handed or words.isdisjoint(item.facts.features):
            return item
        matter = await desk.state(MATTER, item.matter_id)
        sees = sees_matter(rules, matter, desk.caller.actor, convened.body)
        return item if sees == "all" else item.model_copy(update={"facts": shown_facts(item.facts)})

    items = tuple([await seen(item) for item in convened.items])
    added = tuple([await seen(item) for item in sitting.added])
    return replace(sitting, convened=convened.model_copy(update={"items": items}), added=added)


def shown_facts(facts: MatterFacts) -> MatterFacts:
    """A matter's facts as a stub: that there is one."""
    return MatterFacts(title=TITLE, lead_unit=facts.lead_unit)


async def keep_apart(desk: WebDesk, files: Files, decision: Decision, salt: str) -> None:
    """Put the content of a decision where it is kept; a dry run puts nothing."""
    if desk.dry_run:
        return
    content = content_of(decision, salt)

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    await files.put(place_of(desk.tenant), hashlib.sha256(content).hexdigest(), pieces())


async def whole_decision(desk: WebDesk, files: Files, decision: Decision) -> Decision:
    """The decision with its content, from where it is kept.

    Raises:
        Refused: it is not there any more (``missing``).
    """
    if decision.kept is None:
        return decision
    content = await whole(files, place_of(desk.tenant), decision.kept)
    if content is None:
        raise not_found("decision")
    return decision_in(content)
