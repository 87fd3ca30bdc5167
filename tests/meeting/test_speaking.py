"""Words on an item in their order; where the rules let the chief speak last, nobody speaks after him."""

from dataclasses import replace

from chancery.events.meeting import Chair, ItemPutOff, SeatTaken, SittingEvent, SittingOpened, SpokeOnItem
from chancery.names import Capacity
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from meeting_svc.sitting.speaking import Speak, speak
from meeting_svc.sitting.state import SITTING, Sitting
from tests.meeting.jinchuan import (
    CLERK,
    FIRST_DEPUTY,
    IN_CHARGE,
    ITEM,
    MATTER,
    MAYOR,
    NOW,
    OTHER,
    SECOND,
    convened,
    rules,
)
from tests.scenario import THE_THING, Scenario, scenario

OPENED = SittingOpened(
    sitting_id=THE_THING,
    chair=Chair(person=MAYOR, post="mayor", capacity=Capacity.OWN),
    present=tuple(SeatTaken(person=who, seat="member") for who in (MAYOR, FIRST_DEPUTY, IN_CHARGE, OTHER)),
    members=4,
    members_present=4,
    quorum=None,
    opened_at=NOW,
    missing=(),
)


def adopting() -> Rules:
    """The same rules with the chair speaking last at this body."""
    given = rules()
    row = next(row for row in given.pack.tables["bodies"] if row.id == "executive")
    last = (Selector.model_validate({"chair_of": "sitting"}),)
    changed = replace(row, outcome=row.outcome.model_copy(update={"speaks_last": last}))
    bodies = tuple(changed if one is row else one for one in given.pack.tables["bodies"])
    return replace(given, pack=replace(given.pack, tables={**given.pack.tables, "bodies": bodies}))


def words(*history: SpokeOnItem, among: Rules | None = None) -> Scenario[Sitting, SittingEvent]:
    return scenario(SITTING, among or adopting()).given(convened(), OPENED, *history)


def said(person: str, *, agrees: bool | None = None, opinion: str | None = None, last: bool = False) -> SpokeOnItem:
    return SpokeOnItem(
        sitting_id=THE_THING, item_id=ITEM, person=person, agrees=agrees, opinion=opinion, last=last, spoke_at=NOW
    )


def test_the_chief_speaks_last_and_says_why_where_most_are_of_another_mind() -> None:
    """Provisional regulation on major decisions art. 30, where a government has adopted it."""
    before = (said(FIRST_DEPUTY, agrees=False), said(IN_CHARGE, agrees=False), said(OTHER, agrees=True))
    chief = Speak(CLERK, NOW, ITEM, MAYOR, agrees=True)
    words(*before).when(speak, chief).refused(last_word_wants_reason="47")
    why = replace(chief, opinion="上级已有明确要求")
    last = said(MAYOR, agrees=True, opinion="上级已有明确要求", last=True)
    words(*before).when(speak, why).then(last)
    words(*before, last).when(speak, Speak(CLERK, NOW, ITEM, OTHER)).refused(last_word_said="47")
    words(said(OTHER, agrees=True)).when(speak, chief).then(said(MAYOR, agrees=True, last=True))


def test_where_nobody_adopted_it_the_order_is_kept_and_nothing_more() -> None:
    first = said(MAYOR, agrees=True)
    words(among=rules()).when(speak, Speak(CLERK, NOW, ITEM, MAYOR, agrees=True)).then(first)
    words(first, among=rules()).when(speak, Speak(CLERK, NOW, ITEM, OTHER)).then(said(OTHER))


def test_only_who_is_there_speaks_and_the_office_writes_it_down() -> None:
    words().when(speak, Speak(CLERK, NOW, ITEM, "education_head")).refused("not_present")
    words().when(speak, Speak(CLERK, NOW, SECOND, OTHER)).refused("item_not_of_this_sitting")
    words().when(speak, Speak(OTHER, NOW, ITEM, OTHER)).forbidden("not_the_organiser")
    scenario(SITTING, rules()).given(convened()).when(speak, Speak(CLERK, NOW, ITEM, OTHER)).refused("not_open")
    off = ItemPutOff(sitting_id=THE_THING, item_id=ITEM, matter_id=MATTER, absent=(IN_CHARGE,))
    decided = scenario(SITTING, rules()).given(convened(), OPENED, off)
    decided.when(speak, Speak(CLERK, NOW, ITEM, OTHER)).refused("decided_already")
