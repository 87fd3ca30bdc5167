"""Requests for information: received, corrected, others asked, put off, answered; with the higher law and without."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from chancery.calendar import NEVER
from chancery.events.disclosure import (
    AnswerClockResumed,
    AnswerClockSuspended,
    AnswerDaySet,
    AnswerExtended,
    AnswerOverdue,
    CorrectionAsked,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    RequestAnswered,
    RequestCorrected,
    RequestEvent,
    RequestLapsed,
    RequestNumberAssigned,
    RequestReceived,
)
from chancery.names import PersonId
from chancery.office import docx
from chancery.office.paper import texts
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from disclosure_svc.api import annual
from disclosure_svc.reactions.on_request_received import ON_REQUEST_NUMBER, ON_REQUEST_RECEIVED
from disclosure_svc.request.answer import (
    KINDS,
    Answer,
    AnswerRunOut,
    ExtendAnswer,
    answer,
    answer_run_out,
    extend_answer,
)
from disclosure_svc.request.consult import (
    AskOpinion,
    HearOpinion,
    OpinionsRunOut,
    ask_opinion,
    hear_opinion,
    opinions_run_out,
)
from disclosure_svc.request.correct import (
    AskCorrection,
    Correct,
    CorrectionRunOut,
    ask_correction,
    correct,
    correction_run_out,
)
from disclosure_svc.request.letters import OPENS, letter
from disclosure_svc.request.receive import STARTS, CarryNumber, Receive, SetAnswerDay, receive, set_answer_day
from disclosure_svc.request.state import REQUEST, Request
from disclosure_svc.request_register.state import REGISTER, AssignNumber, assign_number
from tests.beside.test_decisions import with_the_law
from tests.hongkou import CLERK, JUSTICE_HEAD, an_id, at, rules
from tests.recorded import recorded
from tests.scenario import THE_THING, scenario

CAME = at("2022-01-19", 10)
FIRM, BUREAU = an_id(91), an_id(92)
RECEIVE = Receive(
    by=CLERK,
    matter_id=THE_THING,
    applicant="张某",
    applicant_kind="citizen",
    contact="某路1号",
    wanted="2021年道路养护经费安排",
    channel="in_person",
    reached_at=CAME,
)


def law(moment: datetime) -> Rules:
    return with_the_law(rules(moment))


def first(kind: type[Any], told: Any) -> Any:
    return next(event for event in told.events if isinstance(event, kind))


def received(rulebook: Rules | None = None, **more: Any) -> RequestReceived:
    found = scenario(REQUEST, rulebook or law(CAME)).when(receive, replace(RECEIVE, **more))
    return first(RequestReceived, found)


def after(moment: datetime, *events: RequestEvent) -> Any:
    return scenario(REQUEST, law(moment)).given(*events)


# -- received -------------------------------------------------------------------------------------


def test_with_the_law_beside_the_days_are_counted_and_without_it_the_office_sets_one() -> None:
    """政府信息公开条例 30, 33: seven and twenty working days, Spring Festival left out, make-up days counted."""
    told = received()
    assert told.correction_due is not None
    assert told.answer_due is not None
    assert (told.correction_due.due_on, told.answer_due.due_on) == (date(2022, 1, 28), date(2022, 2, 21))
    silent = received(rules(CAME))
    assert (silent.correction_due, silent.answer_due) == (None, None)
    alone = scenario(REQUEST, rules(CAME)).given(silent)
    by_hand = first(AnswerDaySet, alone.when(set_answer_day, SetAnswerDay(CLERK, date(2022, 2, 10))))
    assert by_hand.due.due_on == date(2022, 2, 10)
    alone.when(set_answer_day, SetAnswerDay(CLERK, date(2022, 1, 18))).refused("day_has_passed")
    after(CAME, told).when(set_answer_day, SetAnswerDay(CLERK, date(2022, 2, 10))).refused("the_rules_set_the_day")


def test_each_channel_has_its_own_beginning() -> None:
    """政府信息公开条例 31."""
    assert set(STARTS.values()) == {"handed_in", "signed_for", "confirmed"}
    late = at("2022-01-20", 9)
    for channel in ("ordinary_mail", "fax", "online"):
        unconfirmed = replace(RECEIVE, channel=channel)
        scenario(REQUEST, law(late)).when(receive, unconfirmed).refused("needs_confirmation")
        assert received(law(late), channel=channel, confirmed_at=late).starts_at == late
        early = replace(unconfirmed, confirmed_at=at("2022-01-18"))
        scenario(REQUEST, law(late)).when(receive, early).refused("received_out_of_order")
    for channel in ("in_person", "oral", "registered_mail"):
        assert received(law(late), channel=channel).starts_at == CAME
    scenario(REQUEST, law(CAME)).when(receive, replace(RECEIVE, reached_at=late)).refused("received_out_of_order")
    scenario(REQUEST, law(CAME)).when(receive, replace(RECEIVE, by=JUSTICE_HEAD)).forbidden("not_of_the_office")
    after(CAME, received()).when(receive, RECEIVE).refused("request_received_already")


def test_the_register_of_the_year_numbers_each_once() -> None:
    assigned = RequestNumberAssigned(year=2022, seq=1, number="2022-0001", request_id=THE_THING)
    register = scenario(REGISTER, law(CAME))
    register.when(assign_number, AssignNumber(THE_THING, 2022)).then(assigned)
    register.given(assigned).when(assign_number, AssignNumber(THE_THING, 2022)).quiet()
    [asks] = ON_REQUEST_RECEIVED.react(recorded(received()), law(CAME))
    assert asks.command == AssignNumber(THE_THING, 2022)
    [carries] = ON_REQUEST_NUMBER.react(recorded(assigned), law(CAME))
    assert (carries.command, carries.stream) == (CarryNumber("2022-0001"), THE_THING)


# -- corrected ------------------------------------------------------------------------------------


def test_a_correction_is_asked_once_in_time_and_the_clock_begins_anew() -> None:
    told = received()
    asking = AskCorrection(CLERK, "请写明年度", date(2022, 2, 11))
    day = at("2022-01-21", 9)
    found = after(day, told).when(ask_correction, asking).under("NB-30-disclosure")
    asked, stands = first(CorrectionAsked, found), first(AnswerClockSuspended, found)
    assert (asked.due.due_on, stands.now.due_on, stands.cause) == (date(2022, 2, 11), NEVER, "correction")
    waiting = after(at("2022-01-25", 9), told, asked, stands)
    waiting.when(ask_correction, asking).refused("correction_awaited")
    waiting.when(answer, Answer(CLERK, "not_held", "没有", at("2022-01-25", 9))).refused("correction_awaited")
    came = Correct(CLERK, "2021年度的经费", at("2022-01-25", 9))
    corrected = first(RequestCorrected, waiting.when(correct, came))
    assert corrected.answer_due is not None
    assert (corrected.answer_due.due_on, corrected.answer_due.stood) == (date(2022, 2, 25), ())
    again = after(at("2022-01-26", 9), told, asked, stands, corrected)
    again.when(ask_correction, asking).refused(correction_asked_once="30")
    again.when(correct, came).refused("no_correction_asked")
    after(at("2022-01-29", 9), told).when(ask_correction, asking).refused(correction_too_late="30")
    run_out = CorrectionRunOut(asked.due)
    lapsed = RequestLapsed(request_id=THE_THING, matter_id=THE_THING, due=asked.due)
    waiting.when(correction_run_out, run_out).then(lapsed)
    again.when(correction_run_out, run_out).quiet()
    gone = waiting.given(lapsed)
    gone.when(answer, Answer(CLERK, "not_held", "没有", at("2022-01-25", 9))).refused("request_lapsed")


# -- others asked ---------------------------------------------------------------------------------


def test_while_others_are_asked_the_clock_stands_until_the_last_has_spoken() -> None:
    """政府信息公开条例 32, 33, 34."""
    told, day = received(), at("2022-01-20", 9)
    found = after(day, told).when(ask_opinion, AskOpinion(CLERK, FIRM, "third_party", "某公司"))
    firm, stands = first(OpinionAsked, found), first(AnswerClockSuspended, found)
    assert (firm.due.due_on, firm.deemed, stands.now.due_on) == (date(2022, 2, 15), False, NEVER)
    second = after(day, told, firm, stands).when(ask_opinion, AskOpinion(CLERK, BUREAU, "co_maker", "某局"))
    [bureau] = second.events
    assert isinstance(bureau, OpinionAsked)
    assert bureau.deemed
    both = (told, firm, stands, bureau)
    given = Answer(CLERK, "granted", "见附件", at("2022-01-24", 9))
    after(at("2022-01-24", 9), *both).when(answer, given).refused("opinions_open")
    heard = after(at("2022-01-24", 9), *both).when(hear_opinion, HearOpinion(CLERK, FIRM, False, "商业秘密"))
    [objects] = heard.events
    assert isinstance(objects, OpinionHeard)
    bare = HearOpinion(CLERK, FIRM, agrees=False)
    after(at("2022-01-24", 9), *both).when(hear_opinion, bare).refused("needs_reasons_of_opinion")
    assert bureau.due is not None
    end = bureau.due.due_at
    silence = after(end, *both, objects).when(opinions_run_out, OpinionsRunOut(end))
    silent, goes_on = first(OpinionSilent, silence), first(AnswerClockResumed, silence)
    assert (silent.opinion_id, silent.consents) == (BUREAU, True)
    assert told.answer_due is not None
    assert goes_on.now.due_on > told.answer_due.due_on
    ready = after(at("2022-02-18", 9), *both, objects, silent, goes_on)
    ready.when(opinions_run_out, OpinionsRunOut(end)).quiet()
    ready.when(answer, replace(given, at=at("2022-02-18", 9))).refused("third_party_objects")
    reasoned = replace(given, at=at("2022-02-18", 9), public_interest="公共安全")
    answered = first(RequestAnswered, ready.when(answer, reasoned))
    assert not answered.late
    ready.given(answered).when(hear_opinion, HearOpinion(CLERK, BUREAU, True)).refused("request_answered_already")


def test_a_silent_third_party_leaves_it_to_the_authority() -> None:
    told = received()
    found = after(at("2022-01-20", 9), told).when(ask_opinion, AskOpinion(CLERK, FIRM, "third_party", "某公司"))
    firm, stands = first(OpinionAsked, found), first(AnswerClockSuspended, found)
    end = firm.due.due_at
    silent = first(OpinionSilent, after(end, told, firm, stands).when(opinions_run_out, OpinionsRunOut(end)))
    assert not silent.consents


# -- put off, overdue, answered --------------------------------------------------------------------


def test_it_is_put_off_once_by_at_most_twenty_working_days_by_whom_the_row_names() -> None:
    """政府信息公开条例 33."""
    told, day = received(), at("2022-02-10", 9)
    head = law(day).who(REQUEST_HEAD, act="approve").people()
    assert head
    boss = PersonId(min(head))
    ask = ExtendAnswer(boss, date(2022, 3, 15), "需要检索多年档案")
    found = after(day, told).when(extend_answer, ask).under("NB-33-disclosure-2")
    put_off = first(AnswerExtended, found)
    assert (put_off.was.due_on, put_off.now.due_on) == (date(2022, 2, 21), date(2022, 3, 15))
    after(day, told).when(extend_answer, replace(ask, by=JUSTICE_HEAD)).forbidden("not_the_approver")
    after(day, told).when(extend_answer, replace(ask, to=date(2022, 4, 30))).refused("extension_too_long")
    after(day, told, put_off).when(extend_answer, replace(ask, to=date(2022, 3, 16))).refused("extended_often_enough")
    silent = received(rules(CAME))
    scenario(REQUEST, rules(day)).given(silent).when(extend_answer, replace(ask, by=CLERK)).refused("no_clock_runs")


REQUEST_HEAD = next(
    row.outcome.extension.approved_by for row in law(CAME).beside[0].tables["clocks"] if row.id == "request-answer"
)


def test_the_day_that_passed_is_told_once_and_the_answer_is_late() -> None:
    told = received()
    end = told.answer_due
    assert end is not None
    overdue = AnswerOverdue(request_id=THE_THING, matter_id=THE_THING, due=end)
    there = after(at("2022-02-23", 9), told)
    there.when(answer_run_out, AnswerRunOut(end)).then(overdue)
    there.given(overdue).when(answer_run_out, AnswerRunOut(end)).quiet()
    given = Answer(CLERK, "not_held", "没有这样的记录", at("2022-02-23", 9))
    assert first(RequestAnswered, there.given(overdue).when(answer, given)).late


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_its_letter(kind: Any) -> None:
    """政府信息公开条例 36 to 39: a closed list; a ground goes with what is withheld and with nothing else."""
    told, day = received(), at("2022-02-10", 9)
    ground = "trade_secret" if kind in ("withheld", "granted_in_part") else None
    given = Answer(CLERK, kind, "情况如此", day, ground)
    wrong = replace(given, ground=None if ground else "trade_secret")
    after(day, told).when(answer, wrong).refused("ground_goes_with_withholding")
    answered = first(RequestAnswered, after(day, told).when(answer, given))
    request = Request(THE_THING)
    for event in (told, answered):
        request = REQUEST.evolve(request, event)
    paper = letter("answer", request, "某某人民政府", "商业秘密" if ground else None, date(2022, 2, 10))
    said = "".join(text for _, text in texts(paper))
    for part in (KINDS[kind].zh, OPENS[kind], "情况如此", "张某", "2022年2月10日"):
        assert part in said
    assert ("商业秘密" in said) is (ground is not None)
    assert docx.write(paper)[:2] == b"PK"


def test_there_is_no_letter_of_what_has_not_happened_and_third_parties_do_not_learn_who_asks() -> None:
    request = REQUEST.evolve(Request(THE_THING), received())
    for kind in ("correction", "extension", "opinion", "answer"):
        with pytest.raises(Refused):
            letter(kind, request, "某某人民政府", None, date(2022, 1, 20))
    asked = after(at("2022-01-20", 9), received()).when(ask_opinion, AskOpinion(CLERK, FIRM, "third_party", "某公司"))
    request = REQUEST.evolve(request, first(OpinionAsked, asked))
    said = "".join(text for _, text in texts(letter("opinion", request, "某某人民政府", None, date(2022, 1, 20))))
    assert "某公司" in said
    assert "张某" not in said


def test_the_annual_table_has_the_lines_of_the_official_one_and_counts_each_request_once() -> None:
    """政府信息公开条例 五十: what ended in the year adds up to its lines; what no line names stands under the rest."""

    def row(**more: object) -> dict[str, object]:
        plain = {"applicant_kind": "citizen", "received_on": date(2022, 3, 1), "closed_on": date(2022, 3, 9)}
        return {**plain, "stage": "answered", "answer": "granted", "ground": None, **more}

    rows = [
        *(
            row(answer=kind, ground="trade_secret" if kind in ("withheld", "granted_in_part") else None)
            for kind in KINDS
        ),
        row(answer="withheld", ground="a_ground_of_a_place", applicant_kind="company"),
        row(stage="lapsed", answer=None),
        row(received_on=date(2021, 12, 30), closed_on=date(2022, 1, 4)),
        row(received_on=date(2022, 12, 30), closed_on=None, stage="in_hand", answer=None),
        row(received_on=date(2021, 1, 1), closed_on=date(2021, 2, 1)),
    ]
    lines = annual.lines_of(rows, 2022)
    counts = {one.no: one.total for one in lines}
    assert len(lines) == 25
    ended = counts["三（七）"]
    assert ended == len(KINDS) + 3
    assert sum(total for no, total in counts.items() if no.startswith("三") and no != "三（七）") == ended
    assert (counts["一"], counts["二"], counts["四"]) == (len(KINDS) + 3, 1, 1)
    assert (counts["三（三）4"], counts["三（六）1"], counts["三（六）3"]) == (1, 1, 2)
    table = annual.table_of(lines, 2022)
    assert [line["total"] for line in table.rows] == [one.total for one in lines]
