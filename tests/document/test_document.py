"""A document on its way: drafted, given its text and attribute, signed, numbered, issued."""

from dataclasses import replace
from datetime import date

from chancery.envelope import Standing
from chancery.events.document import (
    DocumentDrafted,
    DocumentEvent,
    DocumentIssued,
    DocumentSigned,
    DocumentStepTaken,
    DocumentWithdrawn,
    IssueOverdue,
    TextAttached,
)
from chancery.names import Capacity, PersonId, PostId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.attach_text import AttachText, attach_text
from document_svc.document.carry_number import CarryNumber, carry_number
from document_svc.document.draft import Draft, DraftOrdered, draft, draft_ordered
from document_svc.document.issue import Issue, issue
from document_svc.document.numbering import may_be_numbered
from document_svc.document.propose_attribute import ProposeAttribute, propose_attribute
from document_svc.document.run_out import RunOut, run_out
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT, Document
from document_svc.document.take_step import TakeStep, take_step
from document_svc.document.withdraw import Withdraw, withdraw
from tests.document.examples import (
    ALL_EVIDENCE,
    FACTS,
    FOUNDING,
    LEGALITY,
    MATTER_ID,
    PARTICIPATION,
    TEXT,
    assigned,
    attached,
    decision,
    due,
    heard,
    numbered,
    ordered,
    proposed,
    signed,
)
from tests.hongkou import (
    CLERK,
    DEPUTY_IN_CHARGE,
    DIRECTOR,
    FINANCE_HEAD,
    JUSTICE_HEAD,
    MAYOR,
    OTHER_DEPUTY,
    at,
    entrusted,
    mayor_away,
    rules,
)
from tests.scenario import THE_THING, scenario

NOW = at("2022-01-21", 9)
HONGKOU = rules(NOW)
ORDER = DraftOrdered(at("2022-01-20"), decision(), FOUNDING)
SIGNING = Sign(MAYOR, NOW, FACTS, ALL_EVIDENCE)
READY = (ordered(), attached(), proposed(), *map(heard, ALL_EVIDENCE), signed(), numbered())


def by_hand(**more: object) -> Draft:
    command = Draft(
        by=CLERK,
        at=NOW,
        matter_id=MATTER_ID,
        matter=FACTS,
        kind="notice",
        title="关于做好档案工作的通知",
        in_name_of="district_office",
        direction="downward",
        lead_unit="district_office",
    )
    return replace(command, **more)  # pyright: ignore[reportArgumentType]  the fields of the command


# -- drafting ---------------------------------------------------------------


def test_minutes_that_order_a_document_open_its_draft_and_its_clock() -> None:
    """虹口2022 五十二: seven working days from the end of the meeting."""
    outcome = scenario(DOCUMENT, HONGKOU).when(draft_ordered, ORDER).under("HK-52-4")
    drafted = outcome.events[0]
    assert isinstance(drafted, DocumentDrafted)
    assert drafted.founding == FOUNDING
    assert drafted.in_name_of == "district_government"
    assert drafted.issue_due is not None
    assert (drafted.issue_due.due_on, drafted.issue_due.n) == (date(2022, 1, 28), 7)


def test_a_draft_that_is_there_is_not_opened_again() -> None:
    scenario(DOCUMENT, HONGKOU).given(ordered()).when(draft_ordered, ORDER).quiet()


def test_a_meeting_without_a_limit_starts_no_clock() -> None:
    special = replace(ORDER, founding=FOUNDING.model_copy(update={"body": "special"}))
    drafted = scenario(DOCUMENT, HONGKOU).when(draft_ordered, special).events[0]
    assert isinstance(drafted, DocumentDrafted)
    assert drafted.issue_due is None


def test_a_document_no_meeting_decided_is_drafted_by_hand() -> None:
    drafted = scenario(DOCUMENT, HONGKOU).when(draft, by_hand()).events[0]
    assert isinstance(drafted, DocumentDrafted)
    assert (drafted.founding, drafted.issue_due, drafted.drafted_by) == (None, None, CLERK)


def test_a_draft_names_all_that_is_wrong_with_it_at_once() -> None:
    slips = by_hand(matter=None, kind="no_such_kind", in_name_of="no_such_name", to=("nobody",), lead_unit="no_unit")
    scenario(DOCUMENT, HONGKOU).given(ordered()).when(draft, slips).refused(
        "document_drafted_already", "matter_unheard", "unknown_word", "unknown_word", "unknown_word", "unknown_unit"
    )
    scenario(DOCUMENT, HONGKOU).when(draft, by_hand(by=FINANCE_HEAD)).forbidden("not_of_the_unit")


# -- text and attribute -------------------------------------------------------


def test_the_lead_unit_attaches_the_text_whose_bytes_are_kept() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered())
    document.when(attach_text, AttachText(JUSTICE_HEAD, TEXT, kept=True)).then(attached())
    document.when(attach_text, AttachText(JUSTICE_HEAD, TEXT, kept=False)).refused("file_missing")
    document.when(attach_text, AttachText(FINANCE_HEAD, TEXT, kept=True)).forbidden("not_of_the_unit")
    second = document.given(attached()).when(attach_text, AttachText(CLERK, TEXT, kept=True)).events[0]
    assert isinstance(second, TextAttached)
    assert second.edition == 2


def test_what_was_signed_keeps_its_text() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached(), signed())
    document.when(attach_text, AttachText(JUSTICE_HEAD, TEXT, kept=True)).refused("text_after_signature")
    scenario(DOCUMENT, HONGKOU).when(attach_text, AttachText(JUSTICE_HEAD, TEXT, kept=True)).refused(
        "document_not_drafted"
    )


def test_a_document_that_is_not_to_be_published_says_why() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered())
    document.when(propose_attribute, ProposeAttribute(JUSTICE_HEAD, "proactive")).then(proposed())
    document.when(propose_attribute, ProposeAttribute(JUSTICE_HEAD, "withheld", "  ")).refused("needs_ground")
    told = document.when(propose_attribute, ProposeAttribute(JUSTICE_HEAD, "withheld", "内部管理信息")).events
    assert [event.event_name for event in told] == ["document.attribute_proposed"]
    document.when(propose_attribute, ProposeAttribute(FINANCE_HEAD, "proactive")).forbidden("not_of_the_unit")
    scenario(DOCUMENT, HONGKOU).when(propose_attribute, ProposeAttribute(CLERK, "proactive")).refused(
        "document_not_drafted"
    )


# -- signature ------------------------------------------------------------------


def test_the_mayor_signs_a_normative_document() -> None:
    """虹口2022 五十八: normative documents are signed by the mayor; what was heard of the matter is taken in."""
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached())
    outcome = document.when(sign, SIGNING).under("HK-58-1", "HK-18-4")
    outcome.then(*map(heard, ALL_EVIDENCE), signed())
    document.when(sign, replace(SIGNING, by=DEPUTY_IN_CHARGE)).forbidden(not_your_step="58")


def test_evidence_taken_in_once_is_not_taken_in_again() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached(), *map(heard, ALL_EVIDENCE))
    document.when(sign, SIGNING).then(signed())


def test_nothing_is_signed_without_text_or_reviews() -> None:
    """虹口2022 十八: four steps are never left out; the meeting's decision is one of them."""
    bare = scenario(DOCUMENT, HONGKOU).given(ordered(founding=None))
    bare.when(sign, replace(SIGNING, heard=())).refused(
        "needs_text",
        needs_public_participation="18",
        needs_legality_review="18",
        needs_fair_competition_review="18",
        needs_meeting_decision="18",
    )


def test_the_acting_deputy_signs_for_the_mayor_and_that_is_kept() -> None:
    document = scenario(DOCUMENT, rules(NOW, mayor_away(OTHER_DEPUTY))).given(ordered(), attached())
    outcome = document.when(sign, replace(SIGNING, by=OTHER_DEPUTY, heard=ALL_EVIDENCE))
    told = outcome.events[-1]
    assert isinstance(told, DocumentSigned)
    assert (told.taken.capacity, told.taken.acts_for) == (Capacity.ACTING, MAYOR)
    assert outcome.told[-1].standing == Standing(OTHER_DEPUTY, PostId("mayor"), Capacity.ACTING, MAYOR)


def test_what_a_meeting_decided_may_be_signed_by_the_director_if_the_mayor_authorises_him() -> None:
    """虹口2022 五十八: by authority, the office director signs documents that a meeting decided."""
    command = replace(SIGNING, by=DIRECTOR)
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached())
    document.when(sign, command).forbidden(not_your_step="58")
    authorised = scenario(DOCUMENT, rules(NOW, entrusted("signing", MAYOR, DIRECTOR))).given(ordered(), attached())
    outcome = authorised.when(sign, command).under("HK-58-4")
    told = outcome.events[-1]
    assert isinstance(told, DocumentSigned)
    assert told.taken.capacity is Capacity.ENTRUSTED


def test_a_document_across_portfolios_is_countersigned_before_its_leader_signs() -> None:
    """虹口2022 五十八: nothing is said on it; read as countersignature, then the host's leader."""
    across = ordered(kind="notice", founding=None, issue_due=None, units_involved=("commerce_commission",))
    document = scenario(DOCUMENT, HONGKOU).given(across, attached())
    document.when(sign, replace(SIGNING, by=DEPUTY_IN_CHARGE)).refused(steps_before_the_signature="58")
    document.when(take_step, TakeStep(DEPUTY_IN_CHARGE, FACTS)).forbidden(not_your_step="58")
    taken = document.when(take_step, TakeStep(OTHER_DEPUTY, FACTS, "同意")).events[0]
    assert isinstance(taken, DocumentStepTaken)
    after = document.given(taken)
    after.when(take_step, TakeStep(DEPUTY_IN_CHARGE, FACTS)).refused(signature_is_sign="58")
    told = after.when(sign, replace(SIGNING, by=DEPUTY_IN_CHARGE)).events[-1]
    assert isinstance(told, DocumentSigned)


def test_a_document_is_signed_once() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached(), signed())
    document.when(sign, SIGNING).refused("document_signed_already")
    document.when(take_step, TakeStep(MAYOR, FACTS)).refused("document_signed_already")
    scenario(DOCUMENT, HONGKOU).when(sign, SIGNING).refused("document_not_drafted")


# -- number and issue -------------------------------------------------------------


def test_the_office_numbers_what_is_signed() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached(), signed())
    assert may_be_numbered(document.state, CLERK, HONGKOU) == ordered()
    document.when(carry_number, CarryNumber(assigned())).then(numbered())
    document.given(numbered()).when(carry_number, CarryNumber(assigned(4))).quiet()
    scenario(DOCUMENT, HONGKOU).when(carry_number, CarryNumber(assigned())).quiet()


def test_what_is_not_signed_gets_no_number() -> None:
    def ask(by: PersonId, document: Document, hongkou: Rules) -> list[Told[DocumentEvent]]:
        may_be_numbered(document, by, hongkou)
        return []

    unsigned = scenario(DOCUMENT, HONGKOU).given(ordered())
    unsigned.when(ask, CLERK).refused("needs_signature")
    unsigned.when(ask, MAYOR).forbidden("not_the_office")
    scenario(DOCUMENT, HONGKOU).when(ask, CLERK).refused("document_not_drafted")
    scenario(DOCUMENT, HONGKOU).given(ordered(), signed(), numbered()).when(ask, CLERK).quiet()


def test_it_goes_out_on_the_second_of_its_seven_working_days() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(*READY)
    outcome = document.when(issue, Issue(CLERK, NOW, FACTS, ALL_EVIDENCE)).under("HK-18-4", "HK-52-4")
    issued = outcome.events[0]
    assert isinstance(issued, DocumentIssued)
    assert (issued.number, issued.issued_on, issued.working_day) == ("虹府发〔2022〕3号", date(2022, 1, 21), 2)
    assert issued.text == TEXT
    document.given(issued).when(issue, Issue(CLERK, NOW)).refused("document_issued_already")


def test_everything_that_keeps_it_from_going_out_is_named_at_once() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), heard(LEGALITY))
    document.when(issue, Issue(CLERK, NOW, FACTS, (PARTICIPATION,))).refused(
        "needs_signature",
        "needs_number",
        "needs_text",
        "needs_attribute",
        needs_fair_competition_review="18",
    )
    document.when(issue, Issue(JUSTICE_HEAD, NOW, FACTS)).forbidden("not_the_office")
    scenario(DOCUMENT, HONGKOU).when(issue, Issue(CLERK, NOW)).refused("document_not_drafted")


def test_what_is_late_is_said_once_and_goes_out_all_the_same() -> None:
    late = IssueOverdue(document_id=THE_THING, matter_id=MATTER_ID, due=due())
    document = scenario(DOCUMENT, HONGKOU).given(*READY)
    document.when(run_out, RunOut(due())).then(late).under("HK-52-4")
    document.given(late).when(run_out, RunOut(due())).quiet()
    issued = document.given(late).when(issue, Issue(CLERK, at("2022-02-07"), FACTS, ALL_EVIDENCE)).events[0]
    assert isinstance(issued, DocumentIssued)
    assert issued.working_day == 10
    document.given(issued).when(run_out, RunOut(due())).quiet()
    scenario(DOCUMENT, HONGKOU).when(run_out, RunOut(due())).quiet()


def test_a_draft_is_given_up_before_its_signature_and_its_clock_stops() -> None:
    given_up = DocumentWithdrawn(document_id=THE_THING, matter_id=MATTER_ID, reason="已由上级统一发文")
    command = Withdraw(JUSTICE_HEAD, "已由上级统一发文")
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), attached())
    document.when(withdraw, command).then(given_up)
    document.when(withdraw, replace(command, by=FINANCE_HEAD)).forbidden("not_of_the_unit")
    document.given(signed()).when(withdraw, command).refused("document_signed_already")
    scenario(DOCUMENT, HONGKOU).when(withdraw, command).refused("document_not_drafted")
    after = document.given(given_up)
    after.when(run_out, RunOut(due())).quiet()
    for decide, asked in (
        (withdraw, command),
        (sign, SIGNING),
        (issue, Issue(CLERK, NOW)),
        (attach_text, AttachText(JUSTICE_HEAD, TEXT, kept=True)),
        (propose_attribute, ProposeAttribute(JUSTICE_HEAD, "proactive")),
    ):
        after.when(decide, asked).refused("document_withdrawn")
