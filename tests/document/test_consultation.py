"""Units asked about a draft: each with its clock, answers, silence, more time, and what they cannot agree on."""

from dataclasses import replace
from datetime import date

from chancery.calendar import Span
from chancery.deadlines import deadline_id, extended_due
from chancery.events.document import (
    ConsentDeemed,
    ConsultationExtended,
    ConsultationExtensionAsked,
    ConsultationExtensionDeclined,
    ConsultationOverdue,
    ConsultationReplied,
    ConsultationSent,
    DisagreementOpened,
    DisagreementPartFilled,
    DisagreementSettled,
    DisagreementStepTaken,
    DocumentDrafted,
    DocumentEvent,
    DocumentWithdrawn,
    Objection,
)
from chancery.events.parts import Evidence
from chancery.rules.rulebook import Rules
from document_svc.consultation.asking import REPLY_CLOCK
from document_svc.consultation.disagreement import (
    FillPart,
    OpenSheet,
    Settle,
    TakeSheetStep,
    fill_part,
    open_sheet,
    settle,
    take_sheet_step,
)
from document_svc.consultation.extension import (
    AgreeExtension,
    AskExtension,
    DeclineExtension,
    agree_extension,
    ask_extension,
    decline_extension,
)
from document_svc.consultation.reply import Reply, reply
from document_svc.consultation.run_out import SilenceRunOut, reply_key, silence_run_out
from document_svc.consultation.send import SendConsultation, send_consultation
from document_svc.document.facts import gate_facts_of
from document_svc.document.state import DOCUMENT
from tests.document.examples import FACTS, MATTER_ID, attached, signed
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, MAYOR, OTHER_DEPUTY, at, rules
from tests.scenario import THE_THING, scenario

SENT_AT = at("2022-02-14")
MONDAY = rules(SENT_AT)
ASKS = "countersignature"


def drafted(**more: object) -> DocumentDrafted:
    event = DocumentDrafted(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        kind="notice",
        title="关于经费安排的通知",
        in_name_of="district_office",
        direction="downward",
        lead_unit="justice_bureau",
        units_involved=("finance_bureau",),
        drafted_by=JUSTICE_HEAD,
        drafted_at=SENT_AT,
    )
    return event.model_copy(update=more)


def asking(**more: object) -> SendConsultation:
    command = SendConsultation(JUSTICE_HEAD, SENT_AT, ("finance_bureau",), ASKS, matter=FACTS)
    return replace(command, **more)  # pyright: ignore[reportArgumentType]  the fields of the command


def sent(**more: object) -> ConsultationSent:
    [event] = scenario(DOCUMENT, MONDAY).given(drafted(), attached()).when(send_consultation, asking()).events
    assert isinstance(event, ConsultationSent)
    return event.model_copy(update=more)


SENT = sent()
DRAFT: tuple[DocumentEvent, ...] = (drafted(), attached())
THE_DEADLINE = deadline_id(THE_THING, REPLY_CLOCK, reply_key("finance_bureau", ASKS))
RUN_OUT = SilenceRunOut(THE_DEADLINE)
AFTER = at("2022-02-22", 0)


def answering(day: str = "2022-02-16", **more: object) -> tuple[Reply, Rules]:
    command = Reply(FINANCE_HEAD, at(day), "finance_bureau", ASKS, "agrees", matter=FACTS)
    return replace(command, **more), rules(at(day))  # pyright: ignore[reportArgumentType]  the fields of the command


def replied(day: str = "2022-02-16", **more: object) -> ConsultationReplied:
    evidence = Evidence(evidence=ASKS, by="finance_bureau", of="finance_bureau", given_on=date.fromisoformat(day))
    event = ConsultationReplied(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        unit="finance_bureau",
        asks=ASKS,
        answer="agrees",
        evidence=evidence,
        replied_by=FINANCE_HEAD,
        replied_at=at(day),
    )
    return event.model_copy(update=more)


def objected(**more: object) -> ConsultationReplied:
    return replied(answer="objection", grounds="年度预算未列", evidence=None).model_copy(update=more)


def silent() -> ConsentDeemed:
    assert SENT.due is not None
    evidence = Evidence(
        evidence=ASKS, by="finance_bureau", of="finance_bureau", given_on=date(2022, 2, 21), deemed=True
    )
    return ConsentDeemed(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        unit="finance_bureau",
        asks=ASKS,
        due=SENT.due,
        evidence=evidence,
    )


# -- sending ------------------------------------------------------------------


def test_each_unit_asked_has_five_working_days_and_silence_is_consent() -> None:
    """虹口2022 五十六: from Monday the 14th the fifth working day is Monday the 21st."""
    command = asking(units=("finance_bureau", "district_office"))
    outcome = scenario(DOCUMENT, MONDAY).given(*DRAFT).when(send_consultation, command).under("HK-56-3", "HK-56-4")
    told = [event for event in outcome.events if isinstance(event, ConsultationSent)]
    assert [one.unit for one in told] == ["finance_bureau", "district_office"]
    assert {(one.due.due_on, one.due.n) for one in told if one.due} == {(date(2022, 2, 21), 5)}
    assert {(one.silence, one.row, one.edition, one.limit_set) for one in told} == {
        ("consent", "countersigned", 1, False)
    }


def test_an_opinion_that_must_be_given_never_follows_from_silence() -> None:
    command = asking(asks="legality_review")
    [event] = scenario(DOCUMENT, MONDAY).given(*DRAFT).when(send_consultation, command).events
    assert isinstance(event, ConsultationSent)
    assert event.silence == "nothing"
    assert event.due is not None


def test_the_host_may_set_another_limit() -> None:
    """虹口2022 五十六: the host's own limit goes before the five days."""
    command = asking(limit=Span(n=3, unit="working_day"))
    [event] = scenario(DOCUMENT, MONDAY).given(*DRAFT).when(send_consultation, command).events
    assert isinstance(event, ConsultationSent)
    assert event.due is not None
    assert (event.due.due_on, event.due.n, event.limit_set) == (date(2022, 2, 17), 3, True)


def test_nothing_is_sent_that_lacks_something() -> None:
    draft = scenario(DOCUMENT, MONDAY).given(drafted())
    draft.when(send_consultation, asking(units=("justice_bureau", "no_unit"), asks="no_word")).refused(
        "needs_text", "unknown_word", "host_asks_itself", "unknown_unit"
    )
    asked = scenario(DOCUMENT, MONDAY).given(*DRAFT, SENT)
    asked.when(send_consultation, asking()).refused("consulted_already")
    asked.given(replied()).when(send_consultation, asking()).refused("consulted_already")
    scenario(DOCUMENT, MONDAY).given(*DRAFT, signed()).when(send_consultation, asking()).refused(
        "document_signed_already"
    )
    scenario(DOCUMENT, MONDAY).given(*DRAFT).when(send_consultation, asking(by=FINANCE_HEAD)).forbidden(
        "not_of_the_unit"
    )


def test_another_edition_is_sent_anew_and_its_answer_waited_for() -> None:
    second = attached().model_copy(update={"edition": 2})
    asked = scenario(DOCUMENT, MONDAY).given(*DRAFT, SENT, replied(), second)
    [event] = asked.when(send_consultation, asking()).events
    assert isinstance(event, ConsultationSent)
    assert event.edition == 2
    assert asked.given(event).state.consultations["finance_bureau", ASKS].waits


def test_a_request_that_touches_others_powers_goes_out_under_the_heads_own_name() -> None:
    """虹口2022 五十六: the host's head himself."""
    request = drafted(kind="request", direction="upward", features=("touches_other_powers",))
    draft = scenario(DOCUMENT, MONDAY).given(request, attached())
    draft.when(send_consultation, asking(by=JUSTICE_CLERK)).forbidden(not_your_step="56")
    draft.when(send_consultation, asking()).under("HK-56-1")


# -- answering ----------------------------------------------------------------


def test_an_answer_in_time_comes_on_file() -> None:
    command, now = answering()
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.when(reply, command).then(replied()).under("HK-56-4")
    assert asked.given(replied()).state.evidence == (replied().evidence,)


def test_only_whoever_answers_for_the_unit_answers() -> None:
    command, now = answering()
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.when(reply, replace(command, by=JUSTICE_HEAD)).forbidden("not_your_step")
    asked.when(reply, replace(command, by=CLERK)).forbidden("not_your_step")
    asked.when(reply, replace(command, unit="district_office")).refused("not_consulted")


def test_an_objection_gives_its_grounds_and_is_no_consent() -> None:
    command, now = answering(answer="objection")
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.when(reply, command).refused(needs_grounds="56")
    asked.when(reply, replace(command, grounds="年度预算未列")).then(objected())
    state = asked.given(objected()).state
    assert state.disputed
    assert state.evidence == ()
    assert gate_facts_of(now, drafted(), FACTS, disputed=state.disputed)["disagreement"] is True


def test_an_objection_may_be_taken_back_any_other_answer_stands() -> None:
    command, now = answering()
    objecting = scenario(DOCUMENT, now).given(*DRAFT, SENT, objected())
    objecting.when(reply, command).then(replied())
    assert not objecting.given(replied()).state.disputed
    objecting.given(replied()).when(reply, command).refused("replied_already")


# -- silence ------------------------------------------------------------------


def test_silence_past_the_limit_is_told_as_consent_once() -> None:
    """虹口2022 五十六: not answered in time, no objection; marked as deemed."""
    now = rules(AFTER)
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.when(silence_run_out, RUN_OUT).then(silent()).under("HK-56-3", "HK-56-4")
    asked.given(silent()).when(silence_run_out, RUN_OUT).quiet()
    asked.given(replied()).when(silence_run_out, RUN_OUT).quiet()
    assert asked.given(silent()).state.evidence == (silent().evidence,)


def test_a_clock_of_something_else_or_not_run_out_tells_nothing() -> None:
    another = SilenceRunOut(deadline_id(THE_THING, REPLY_CLOCK, reply_key("district_office", ASKS)))
    scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, SENT).when(silence_run_out, another).quiet()
    scenario(DOCUMENT, MONDAY).given(*DRAFT, SENT).when(silence_run_out, RUN_OUT).quiet()
    withdrawn = DocumentWithdrawn(document_id=THE_THING, matter_id=MATTER_ID, reason="停办")
    for over in (signed(), withdrawn):
        scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, SENT, over).when(silence_run_out, RUN_OUT).quiet()


def test_where_silence_stands_for_nothing_it_is_late_and_still_wanted() -> None:
    positive = SENT.model_copy(update={"silence": "nothing"})
    assert SENT.due is not None
    late = ConsultationOverdue(
        document_id=THE_THING, matter_id=MATTER_ID, unit="finance_bureau", asks=ASKS, due=SENT.due
    )
    asked = scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, positive)
    asked.when(silence_run_out, RUN_OUT).then(late)
    asked.given(late).when(silence_run_out, RUN_OUT).quiet()
    command, now = answering("2022-02-23")
    scenario(DOCUMENT, now).given(*DRAFT, positive, late).when(reply, command).then(replied("2022-02-23", late=True))


def test_a_late_answer_is_kept_and_undoes_nothing() -> None:
    command, now = answering("2022-02-23", answer="objection", grounds="年度预算未列")
    told = objected(late=True, after_deemed=True, replied_at=at("2022-02-23"))
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.given(silent()).when(reply, command).then(told)
    state = asked.given(silent(), told).state
    assert not state.disputed
    assert state.evidence == (silent().evidence,)


def test_an_answer_that_comes_before_the_clock_has_spoken_lets_it_speak_first() -> None:
    """Past the limit, but no worker has come to it yet: nobody gains by being quicker than the clock."""
    command, now = answering("2022-02-23", answer="objection", grounds="年度预算未列")
    told = objected(late=True, after_deemed=True, replied_at=at("2022-02-23"))
    asked = scenario(DOCUMENT, now).given(*DRAFT, SENT)
    asked.when(reply, command).then(silent(), told)
    asked.given(silent(), told).when(silence_run_out, RUN_OUT).quiet()


# -- more time ----------------------------------------------------------------


def more_time() -> ConsultationExtensionAsked:
    return ConsultationExtensionAsked(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        unit="finance_bureau",
        asks=ASKS,
        more=2,
        reason="须集体研究",
        asked_by=FINANCE_HEAD,
    )


def given_more_time() -> ConsultationExtended:
    assert SENT.due is not None
    return ConsultationExtended(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        unit="finance_bureau",
        asks=ASKS,
        agreed_by=JUSTICE_HEAD,
        was=SENT.due,
        now=extended_due(SENT.due, MONDAY.calendar, 2),
    )


ASK = AskExtension(FINANCE_HEAD, "finance_bureau", ASKS, 2, "须集体研究")
AGREE = AgreeExtension(JUSTICE_HEAD, "finance_bureau", ASKS)


def test_more_time_is_asked_before_the_limit_and_agreed_to_by_the_host() -> None:
    """虹口2022 五十六: asked in time, and with the host's consent."""
    wednesday = rules(at("2022-02-16"))
    asked = scenario(DOCUMENT, wednesday).given(*DRAFT, SENT)
    asked.when(agree_extension, AGREE).refused("no_extension_asked")
    asked.when(ask_extension, ASK).then(more_time()).under("HK-56-3")
    asked.when(ask_extension, replace(ASK, by=JUSTICE_HEAD)).forbidden("not_of_the_unit")
    waiting = asked.given(more_time())
    waiting.when(agree_extension, AGREE).then(given_more_time())
    waiting.when(agree_extension, replace(AGREE, by=FINANCE_HEAD)).forbidden("not_of_the_unit")
    assert given_more_time().now.due_on == date(2022, 2, 23)
    longer = scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, SENT, more_time(), given_more_time())
    longer.when(silence_run_out, RUN_OUT).quiet()


def test_after_the_limit_no_more_time_is_asked_or_given() -> None:
    late = scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, SENT)
    late.when(ask_extension, ASK).refused("clock_ran_out")
    late.given(more_time()).when(agree_extension, AGREE).refused("clock_ran_out")
    late.given(silent()).when(ask_extension, ASK).refused("no_clock_runs")


def test_the_host_may_decline_and_the_limit_stands() -> None:
    wednesday = rules(at("2022-02-16"))
    declining = DeclineExtension(JUSTICE_HEAD, "finance_bureau", ASKS, "须按时报送")
    declined = ConsultationExtensionDeclined(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        unit="finance_bureau",
        asks=ASKS,
        reason="须按时报送",
        declined_by=JUSTICE_HEAD,
    )
    asked = scenario(DOCUMENT, wednesday).given(*DRAFT, SENT)
    asked.when(decline_extension, declining).refused("no_extension_asked")
    asked.given(more_time()).when(decline_extension, declining).then(declined)
    scenario(DOCUMENT, rules(AFTER)).given(*DRAFT, SENT, more_time(), declined).when(silence_run_out, RUN_OUT).then(
        silent()
    )


# -- what they cannot agree on ------------------------------------------------

FRIDAY = rules(at("2022-02-18"))
SHEET = DisagreementOpened(
    document_id=THE_THING,
    matter_id=MATTER_ID,
    no=1,
    objections=(Objection(unit="finance_bureau", asks=ASKS, grounds="年度预算未列"),),
    requires=("head_negotiation", "grounds_of_parties", "host_proposal", "countersignature"),
    opened_by=JUSTICE_HEAD,
)


def part(name: str, unit: str, by: str) -> DisagreementPartFilled:
    return DisagreementPartFilled(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        no=1,
        part=name,
        unit=unit,
        text="见附件",
        evidence=Evidence(evidence=name, by=unit, of=unit, given_on=date(2022, 2, 18)),
        filled_by=by,
    )


WHOLE = (
    part("head_negotiation", "justice_bureau", JUSTICE_HEAD),
    part("grounds_of_parties", "justice_bureau", JUSTICE_HEAD),
    part("grounds_of_parties", "finance_bureau", FINANCE_HEAD),
    part("host_proposal", "justice_bureau", JUSTICE_HEAD),
    part("countersignature", "finance_bureau", FINANCE_HEAD),
)


def test_a_sheet_is_begun_where_somebody_objects() -> None:
    """虹口2022 五十六: what the heads cannot agree on goes up with each side's grounds."""
    asked = scenario(DOCUMENT, FRIDAY).given(*DRAFT, SENT)
    opening = OpenSheet(JUSTICE_HEAD, FACTS)
    asked.when(open_sheet, opening).refused("nobody_objects")
    asked.given(objected()).when(open_sheet, opening).then(SHEET).under("HK-56-2")
    asked.given(objected()).when(open_sheet, replace(opening, by=FINANCE_HEAD)).forbidden("not_of_the_unit")
    asked.given(objected(), SHEET).when(open_sheet, opening).refused("sheet_under_way")


def test_each_side_fills_in_its_own_part_once() -> None:
    filling = FillPart(FINANCE_HEAD, at("2022-02-18"), "grounds_of_parties", "finance_bureau", "见附件")
    sheet = scenario(DOCUMENT, FRIDAY).given(*DRAFT, SENT, objected(), SHEET)
    sheet.when(fill_part, filling).then(part("grounds_of_parties", "finance_bureau", FINANCE_HEAD))
    sheet.given(part("grounds_of_parties", "finance_bureau", FINANCE_HEAD)).when(fill_part, filling).refused(
        "part_filled_already"
    )
    sheet.when(fill_part, replace(filling, unit="justice_bureau")).forbidden("not_of_the_unit")
    sheet.when(fill_part, replace(filling, part="legality_review")).refused("no_such_part")
    sheet.when(fill_part, replace(filling, unit="district_office", by=CLERK)).refused("no_side")
    scenario(DOCUMENT, FRIDAY).given(*DRAFT, SENT, objected()).when(fill_part, filling).refused("no_sheet")


def test_the_sheet_goes_up_step_by_step_and_only_whole() -> None:
    """虹口2022 五十六: the host's head consults, the other heads countersign, the mayor is told."""
    history: tuple[DocumentEvent, ...] = (*DRAFT, SENT, objected(), SHEET)
    for by in (JUSTICE_HEAD, FINANCE_HEAD):
        state = scenario(DOCUMENT, FRIDAY).given(*history)
        state.when(take_sheet_step, TakeSheetStep(OTHER_DEPUTY, matter=FACTS)).forbidden("not_your_step")
        [event] = state.when(take_sheet_step, TakeSheetStep(by, matter=FACTS)).events
        assert isinstance(event, DisagreementStepTaken)
        assert event.up_to == ()
        history = (*history, event)
    up = TakeSheetStep(JUSTICE_HEAD, "未能一致，请审定", FACTS)
    scenario(DOCUMENT, FRIDAY).given(*history).when(take_sheet_step, up).refused(sheet_lacks="56")
    whole = scenario(DOCUMENT, FRIDAY).given(*history, *WHOLE)
    [gone] = whole.when(take_sheet_step, up).under("HK-56-2").events
    assert isinstance(gone, DisagreementStepTaken)
    assert gone.up_to == (MAYOR,)
    settling = Settle(MAYOR, "按主办部门意见办理")
    settled = DisagreementSettled(
        document_id=THE_THING, matter_id=MATTER_ID, no=1, decision="按主办部门意见办理", settled_by=MAYOR
    )
    whole.when(settle, settling).refused("sheet_not_up")
    at_the_top = whole.given(gone)
    at_the_top.when(settle, replace(settling, by=OTHER_DEPUTY)).forbidden("not_yours_to_settle")
    at_the_top.when(settle, settling).then(settled)
    assert not at_the_top.given(settled).state.disputed
    at_the_top.given(settled).when(settle, settling).refused("no_sheet")


def test_a_sheet_of_objections_taken_back_does_not_go_up() -> None:
    agreed = scenario(DOCUMENT, FRIDAY).given(*DRAFT, SENT, objected(), SHEET, replied())
    agreed.when(take_sheet_step, TakeSheetStep(JUSTICE_HEAD, matter=FACTS)).refused("nobody_objects")
