"""Whatever people try, in whatever order: what goes out was drafted, given a text, signed and numbered before."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.events.base import encode
from chancery.events.document import (
    AttributeProposed,
    DocumentEvent,
    DocumentIssued,
    DocumentNumbered,
    DocumentSigned,
    DocumentWithdrawn,
    TextAttached,
)
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.thing import Told
from document_svc.document.attach_text import AttachText, attach_text
from document_svc.document.carry_number import CarryNumber, carry_number
from document_svc.document.draft import DraftOrdered, draft_ordered
from document_svc.document.issue import Issue, issue
from document_svc.document.numbering import may_be_numbered
from document_svc.document.propose_attribute import ProposeAttribute, propose_attribute
from document_svc.document.run_out import RunOut, run_out
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT, Document
from document_svc.document.take_step import TakeStep, take_step
from document_svc.document.withdraw import Withdraw, withdraw
from tests.document.examples import ALL_EVIDENCE, FACTS, FOUNDING, TEXT, assigned, decision, due
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, FINANCE_HEAD, JUSTICE_HEAD, MAYOR, at, rules
from tests.scenario import THE_THING

NOW = at("2022-01-21")
HONGKOU = rules(NOW)
PEOPLE = st.sampled_from([MAYOR, DEPUTY_IN_CHARGE, CLERK, JUSTICE_HEAD, FINANCE_HEAD])
VERBS = ("draft", "text", "attribute", "step", "sign", "number", "issue", "withdraw", "run_out")


@dataclass(frozen=True)
class Try:
    verb: str
    by: PersonId
    with_evidence: bool


def tried(one: Try, state: Document) -> list[Told[DocumentEvent]]:
    heard = ALL_EVIDENCE if one.with_evidence else ()
    match one.verb:
        case "draft":
            return [*draft_ordered(DraftOrdered(NOW, decision(), FOUNDING), state, HONGKOU)]
        case "text":
            return [*attach_text(AttachText(one.by, TEXT, one.with_evidence), state, HONGKOU)]
        case "attribute":
            return [*propose_attribute(ProposeAttribute(one.by, "proactive"), state, HONGKOU)]
        case "step":
            return [*take_step(TakeStep(one.by, FACTS), state, HONGKOU)]
        case "sign":
            return [*sign(Sign(one.by, NOW, FACTS, heard), state, HONGKOU)]
        case "number":
            may_be_numbered(state, one.by, HONGKOU)
            return [*carry_number(CarryNumber(assigned()), state, HONGKOU)]
        case "issue":
            return [*issue(Issue(one.by, NOW, FACTS, heard), state, HONGKOU)]
        case "withdraw":
            return [*withdraw(Withdraw(one.by, "停办"), state, HONGKOU)]
        case _:
            return [*run_out(RunOut(due()), state, HONGKOU)]


@given(st.lists(st.builds(Try, st.sampled_from(VERBS), PEOPLE, st.booleans()), max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_is_tried_only_what_is_ready_goes_out(tries: list[Try]) -> None:
    state = DOCUMENT.start(THE_THING)
    told: list[DocumentEvent] = []
    for one in tries:
        try:
            events = [made.event for made in tried(one, state)]
        except Refused:
            continue
        for event in events:
            state = DOCUMENT.evolve(state, event)
        told += events

    again = DOCUMENT.start(THE_THING)
    for event in told:
        again = DOCUMENT.evolve(again, type(event).model_validate_json(encode(event)))
    assert again == state

    kinds = [type(event) for event in told]
    for once in (DocumentSigned, DocumentNumbered, DocumentIssued, DocumentWithdrawn):
        assert kinds.count(once) <= 1
    for event in told:
        assert not isinstance(event, DocumentSigned) or event.taken.person == MAYOR
    if DocumentSigned in kinds:
        assert TextAttached not in kinds[kinds.index(DocumentSigned) :]
        assert DocumentWithdrawn not in kinds
    if DocumentIssued in kinds:
        before = kinds[: kinds.index(DocumentIssued)]
        assert {TextAttached, AttributeProposed, DocumentSigned, DocumentNumbered} <= set(before)
        assert {one.evidence for one in state.evidence} == {one.evidence for one in ALL_EVIDENCE}


def test_the_straight_way_ends_with_the_document_issued() -> None:
    """The random walk would pass in silence if nothing ever went out."""
    state = DOCUMENT.start(THE_THING)
    straight = (
        ("draft", CLERK),
        ("text", JUSTICE_HEAD),
        ("attribute", JUSTICE_HEAD),
        ("sign", MAYOR),
        ("number", CLERK),
        ("issue", CLERK),
    )
    for verb, by in straight:
        for made in tried(Try(verb, by, with_evidence=True), state):
            state = DOCUMENT.evolve(state, made.event)
    assert state.stage == "issued"
