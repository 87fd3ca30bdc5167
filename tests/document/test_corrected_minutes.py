"""Corrected minutes and the documents they order: a draft begins, or is given up before its signature."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from chancery.envelope import Meta, Recorded, Standing
from chancery.events.document import DocumentDrafted, DocumentWithdrawn
from chancery.events.meeting import MinutesCorrected
from chancery.events.parts import Decision, StepDone
from chancery.names import Capacity, PersonId, TenantId
from chancery.service import Order, derived
from document_svc.document.state import DOCUMENT
from document_svc.document.withdraw import GiveUp, give_up
from document_svc.reactions.on_minutes_corrected import react
from tests.hongkou import MAYOR, an_id, at, rules

NOW = at("2022-01-21")
HONGKOU = rules(NOW)
MINUTES = an_id(4)
TAKEN = StepDone(step=0, do="sign", person=MAYOR, post="mayor", capacity=Capacity.OWN, at=NOW)
ORDERS = Decision(
    no=2,
    item_id=an_id(2),
    matter_id=an_id(1),
    title="甲规定",
    kind="normative_document",
    outcome="adopted",
    text="通过。",
    lead="justice_bureau",
    orders_document="normative_document",
)
BARE = ORDERS.model_copy(update={"orders_document": None})


def corrected(was: Decision | None, now: Decision | None, *, issued: bool = True) -> list[Order]:
    event = MinutesCorrected(
        minutes_id=MINUTES,
        sitting_id=an_id(3),
        was=was,
        now=now,
        reason="漏记",
        taken=TAKEN,
        body="executive",
        series="2022",
        number=1,
        sitting_on=date(2022, 1, 19),
        closed_at=at("2022-01-19", 16),
        issued=issued,
    )
    meta = Meta(id=UUID(int=9), actor=Standing(PersonId(MAYOR)), correlation=an_id(1), causation=UUID(int=8))
    recorded = Recorded("meeting", TenantId("hongkou"), MINUTES, 5, 50, event, meta, NOW, NOW)
    return list(react(recorded, HONGKOU))


def told(orders: list[Order], *history: DocumentDrafted) -> list[object]:
    [order] = orders
    assert order.stream == derived(MINUTES, "document", 2)
    state = DOCUMENT.start(order.stream)
    for event in history:
        state = DOCUMENT.evolve(state, event)
    return [one.event for one in order.decide(order.command, state, HONGKOU)]


def draft() -> DocumentDrafted:
    [drafted] = told(corrected(None, ORDERS))
    assert isinstance(drafted, DocumentDrafted)
    return drafted


def test_a_decision_added_later_gets_its_draft_as_at_the_issue() -> None:
    drafted = draft()
    assert (drafted.kind, drafted.founding and drafted.founding.decision_no) == ("normative_document", 2)
    assert told(corrected(BARE, ORDERS)) == [drafted]
    assert told(corrected(None, ORDERS), drafted) == []


def test_a_draft_that_nothing_orders_any_more_is_given_up_before_its_signature() -> None:
    drafted = draft()
    for now in (None, BARE, ORDERS.model_copy(update={"outcome": "deferred"})):
        [given_up] = told(corrected(ORDERS, now), drafted)
        assert isinstance(given_up, DocumentWithdrawn)
        assert given_up.reason == "纪要更正：漏记"
    assert give_up(GiveUp("x"), replace(DOCUMENT.start(drafted.document_id)), HONGKOU) == []


def test_what_changes_nothing_for_documents_orders_nothing() -> None:
    assert corrected(ORDERS, ORDERS.model_copy(update={"text": "原则通过。"})) == []
    assert corrected(None, BARE) == []
    assert corrected(None, ORDERS, issued=False) == []
