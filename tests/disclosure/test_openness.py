"""What has to be public beside documents: duties, drafts, releases, cases, catalogues, each by the rules' own rows."""

from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from uuid import UUID

from chancery.events.openness import (
    CaseAnswered,
    CaseEvent,
    CaseOpened,
    CatalogueLine,
    DraftEvent,
    DraftOpened,
    DraftReported,
    DutyCovered,
    DutyEvent,
    DutyOpened,
    DutyWithheld,
    PublishedOutsideCatalogue,
    ReleaseEvent,
    ResultAwaited,
    UnitCatalogueIssued,
)
from chancery.events.parts import Decision
from disclosure_svc.decision_year.state import YEAR
from disclosure_svc.decision_year.verbs import AdoptCatalogue, ListDecision, adopt_catalogue, list_decision
from disclosure_svc.draft.comments import ReceiveComment, receive_comment
from disclosure_svc.draft.state import COMMENT, DRAFT
from disclosure_svc.draft.window import DraftRunOut, OpenDraft, ReportDraft, draft_run_out, open_draft, report_draft
from disclosure_svc.duty.close import (
    Cover,
    DutyRunOut,
    PublishDuty,
    Review,
    Withhold,
    cover,
    duty_run_out,
    publish_duty,
    review,
    withhold,
)
from disclosure_svc.duty.open import (
    AwaitResult,
    OpenByHand,
    OpenOnDecision,
    OpenOnResult,
    await_result,
    open_by_hand,
    open_on_decision,
    open_on_result,
)
from disclosure_svc.duty.state import DUTY
from disclosure_svc.opinion_case.state import CASE
from disclosure_svc.opinion_case.verbs import (
    AnswerCase,
    CloseCase,
    DoStep,
    OpenCase,
    answer_case,
    close_case,
    do_step,
    open_case,
)
from disclosure_svc.release.state import RELEASE
from disclosure_svc.release.verbs import (
    AskRelease,
    BringForRelease,
    SendOut,
    TakeReleaseStep,
    ask_release,
    bring_for_release,
    send_out,
    take_release_step,
)
from disclosure_svc.unit_catalogue.state import UNIT_CATALOGUE
from disclosure_svc.unit_catalogue.verbs import NotePublished, note_published
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_HEAD, an_id, at, rules
from tests.scenario import THE_THING, scenario

NOW = at("2022-04-14", 10)
HONGKOU = rules(NOW)
MATTER, MINUTES, TASK = an_id(1), an_id(2), an_id(3)
DECISION = Decision(
    no=1,
    item_id=an_id(4),
    matter_id=MATTER,
    title="社区食堂布点方案",
    kind="key_work_plan_or_policy",
    outcome="adopted",
    text="会议同意。",
    lead="finance_bureau",
)


def on_decision(body: str = "executive", **more: object) -> OpenOnDecision:
    decision = DECISION.model_copy(update=more)
    return OpenOnDecision(MINUTES, body, "第5次常务会议", decision, NOW)


def told(command: OpenOnDecision) -> list[DutyEvent]:
    return list(scenario(DUTY, HONGKOU).when(open_on_decision, command).events)


def test_what_two_bodies_decided_is_to_be_public_and_what_others_decided_is_not() -> None:
    """虹口2022 二十八: plenary and executive meetings, and no work meeting; nothing where nothing was decided."""
    for body in ("executive", "plenary"):
        (opened,) = told(on_decision(body))
        assert isinstance(opened, DutyOpened)
        assert (opened.what, opened.needs, len(opened.channels)) == ("decision", ("secrecy_review",), 3)
    assert told(on_decision("special")) == []
    assert told(on_decision("executive", outcome="deferred")) == []
    policy = told(on_decision("special", features=("policy",)))
    assert [type(event) for event in policy] == [DutyOpened]


def opened() -> DutyOpened:
    (event,) = told(on_decision())
    assert isinstance(event, DutyOpened)
    return event


def test_it_is_public_once_reviewed_and_seen_in_a_channel_of_the_rules() -> None:
    """虹口2022 二十七, 二十九: everything that is missing is named at once."""
    given = scenario(DUTY, HONGKOU).given(opened())
    bare = PublishDuty(CLERK, NOW)
    given.when(publish_duty, bare).refused("needs_secrecy_review", "needs_a_channel")
    passed = given.when(review, Review(CLERK, passed=True)).events
    reviewed = scenario(DUTY, HONGKOU).given(opened(), *passed)
    reviewed.when(publish_duty, replace(bare, channels=("radio",))).refused("no_such_channel")
    public = reviewed.when(publish_duty, replace(bare, channels=("district_gazette",)))
    public.under("HK-27-1", "HK-28-1", "HK-29-1")
    after = scenario(DUTY, HONGKOU).given(opened(), *passed, *public.events)
    after.when(publish_duty, replace(bare, channels=("district_gazette",))).refused("duty_done")
    given.when(review, Review(JUSTICE_HEAD, passed=True)).forbidden("not_of_office_or_lead")


def test_kept_closed_only_on_a_ground_that_the_rules_list() -> None:
    """虹口2022 二十七."""
    given = scenario(DUTY, HONGKOU).given(opened())
    given.when(withhold, Withhold(CLERK, "inconvenient", "不便")).refused("no_such_ground")
    given.when(withhold, Withhold(FINANCE_HEAD, "privacy", "涉及个人")).forbidden("not_of_the_office")
    given.when(withhold, Withhold(CLERK, "privacy", "涉及个人")).then(
        DutyWithheld(duty_id=THE_THING, matter_id=MATTER, ground="privacy", reason="涉及个人", withheld_by=CLERK)
    )


def test_the_document_made_of_a_decision_covers_it_and_then_nothing_is_overdue() -> None:
    given = scenario(DUTY, HONGKOU).given(opened())
    covered = DutyCovered(duty_id=THE_THING, matter_id=MATTER, entry_id=an_id(9), number="虹府发〔2022〕3号")
    given.when(cover, Cover(an_id(9), "虹府发〔2022〕3号")).then(covered)
    after = scenario(DUTY, HONGKOU).given(opened(), covered)
    assert after.when(cover, Cover(an_id(8), "别的")).events == []
    due = draft_opened().due
    assert after.when(duty_run_out, DutyRunOut(due)).events == []
    assert len(given.when(duty_run_out, DutyRunOut(due)).events) == 1


def test_a_result_is_awaited_where_the_rules_want_it_and_due_once_it_is_there() -> None:
    """虹口2022 三十六: of major problems only."""
    major = AwaitResult(MATTER, TASK, "media", "工地扰民", "finance_bureau", (), major=True)
    awaited = scenario(DUTY, HONGKOU).when(await_result, major).events
    assert [type(event) for event in awaited] == [ResultAwaited]
    assert scenario(DUTY, HONGKOU).when(await_result, replace(major, major=False)).events == []
    assert scenario(DUTY, HONGKOU).when(await_result, replace(major, source="leader_instruction")).events == []
    due = scenario(DUTY, HONGKOU).given(*awaited).when(open_on_result, OpenOnResult("已整改", NOW))
    (event,) = due.under("HK-36-2").events
    assert isinstance(event, DutyOpened)
    assert (event.text, event.source.task_id) == ("已整改", TASK)


def test_by_hand_only_what_the_rules_want_public_and_by_whom_it_concerns() -> None:
    """虹口2022 二十七."""
    command = OpenByHand(FINANCE_HEAD, NOW, MATTER, "public_welfare", "养老床位", "finance_bureau", text="新增百张。")
    scenario(DUTY, HONGKOU).when(open_by_hand, command).under("HK-27-3")
    scenario(DUTY, HONGKOU).when(open_by_hand, replace(command, what="internal_note")).refused("nothing_to_publish")
    of_another = replace(command, by=JUSTICE_HEAD)
    scenario(DUTY, HONGKOU).when(open_by_hand, of_another).forbidden("not_of_office_or_lead")


LAY_OPEN = OpenDraft(
    FINANCE_HEAD,
    NOW,
    MATTER,
    "停车收费办法（草案）",
    "finance_bureau",
    "第一条",
    kind="major_administrative_decision",
    closes_on=date(2022, 5, 16),
)


def draft_told() -> list[DraftEvent]:
    return list(scenario(DRAFT, HONGKOU).when(open_draft, LAY_OPEN).under("HK-21-4").events)


def draft_opened() -> DraftOpened:
    (event,) = draft_told()
    assert isinstance(event, DraftOpened)
    return event


def test_a_draft_lies_open_until_its_day_and_is_reported_once_everything_has_its_answer() -> None:
    """虹口2022 二十一: its publication counts as one thing, the report on comments as another."""
    event = draft_opened()
    assert event.gives == ("pre_decision_publication",)
    given = scenario(DRAFT, HONGKOU).given(event)
    report = ReportDraft(FINANCE_HEAD, NOW, "收到两条", {"adopted": 1, "not_adopted": 1}, unanswered=1)
    given.when(report_draft, report).refused("draft_still_open", "comments_unanswered")
    closed = given.when(draft_run_out, DraftRunOut(event.due)).events
    done = scenario(DRAFT, HONGKOU).given(event, *closed).when(report_draft, replace(report, unanswered=0))
    (reported,) = done.under("HK-21-4").events
    assert isinstance(reported, DraftReported)
    assert (reported.comments, reported.gives) == (2, ("public_participation",))
    scenario(DRAFT, HONGKOU).when(open_draft, replace(LAY_OPEN, closes_on=None)).refused("needs_closing_day")


def test_the_same_words_sent_twice_are_one_comment_and_nothing_is_taken_once_it_is_over() -> None:
    send = ReceiveComment(None, NOW, an_id(7), MATTER, "finance_bureau", open=True, text="太贵", channel="site")
    first = scenario(COMMENT, HONGKOU).when(receive_comment, send).events
    assert len(first) == 1
    assert scenario(COMMENT, HONGKOU).given(*first).when(receive_comment, send).events == []
    scenario(COMMENT, HONGKOU).when(receive_comment, replace(send, open=False)).refused("draft_not_open")


def test_false_information_is_answered_and_handled_before_it_goes_out() -> None:
    """虹口2022 三十: reviewed by the head of the unit in whose remit it is."""
    ask = AskRelease(FINANCE_HEAD, NOW, MATTER, "false_or_incomplete_information", "说明", "不实。", "finance_bureau")
    events: list[ReleaseEvent] = list(scenario(RELEASE, HONGKOU).when(ask_release, ask).under("HK-30-2").events)
    wanting = ("needs_accurate_information", "needs_lawful_measures", "release_steps_open")
    scenario(RELEASE, HONGKOU).given(*events).when(send_out, SendOut(FINANCE_HEAD, NOW)).refused(*wanting)
    for need in ("accurate_information", "lawful_measures"):
        bring = BringForRelease(FINANCE_HEAD, need, "附件")
        events += scenario(RELEASE, HONGKOU).given(*events).when(bring_for_release, bring).events
    step = TakeReleaseStep(FINANCE_HEAD)
    scenario(RELEASE, HONGKOU).given(*events).when(take_release_step, TakeReleaseStep(CLERK)).forbidden("not_your_step")
    events += scenario(RELEASE, HONGKOU).given(*events).when(take_release_step, step).events
    scenario(RELEASE, HONGKOU).given(*events).when(send_out, SendOut(FINANCE_HEAD, NOW)).under("HK-30-2")
    strange = BringForRelease(FINANCE_HEAD, "party_organisation_report", "附件")
    scenario(RELEASE, HONGKOU).given(*events).when(bring_for_release, strange).refused("not_needed")


def test_a_message_runs_under_the_clock_of_its_task_and_closes_when_it_is_answered() -> None:
    """虹口2022 三十二: five working days, one for a simple question; the same day that its task has."""
    open_ = OpenCase(
        FINANCE_HEAD, NOW, MATTER, "message", "窗口时间", "几点开门", "finance_bureau", channel="website_message"
    )
    events: list[CaseEvent] = list(scenario(CASE, HONGKOU).when(open_case, open_).under("HK-32-2").events)
    simple = scenario(CASE, HONGKOU).when(open_case, replace(open_, simple=True)).under("HK-32-3").events
    told = [event for event in (*events, *simple) if isinstance(event, CaseOpened)]
    days = [event.due.due_on for event in told if event.due is not None]
    assert days == [date(2022, 4, 21), date(2022, 4, 15)]
    close = CloseCase(FINANCE_HEAD, "已答复", NOW)
    scenario(CASE, HONGKOU).given(*events).when(close_case, close).refused("case_not_answered")
    late = AnswerCase(FINANCE_HEAD, "九点。", NOW + timedelta(days=9))
    answered = scenario(CASE, rules(late.at)).given(*events).when(answer_case, late).events
    assert [event.late for event in answered if isinstance(event, CaseAnswered)] == [True]
    scenario(CASE, HONGKOU).given(*events, *answered).when(close_case, close).under()


def test_what_no_row_speaks_of_is_taken_in_and_owes_nothing() -> None:
    open_ = OpenCase(FINANCE_HEAD, NOW, MATTER, "weather", "天气", "有人问天气", "finance_bureau")
    events = scenario(CASE, HONGKOU).when(open_case, open_).events
    assert (
        len(scenario(CASE, HONGKOU).given(*events).when(close_case, CloseCase(FINANCE_HEAD, "知悉", NOW)).events) == 1
    )
    update = DoStep(FINANCE_HEAD, "update", "补充", NOW)
    assert len(scenario(CASE, HONGKOU).given(*events).when(do_step, update).events) == 1


def test_a_change_after_the_catalogue_was_adopted_needs_its_reason() -> None:
    """虹口2022 二十一."""
    item: UUID = an_id(5)
    put = ListDecision(CLERK, 2022, item, "停车办法", "finance_bureau")
    listed = scenario(YEAR, HONGKOU).when(list_decision, put).under("HK-21-3").events
    adopted = (
        scenario(YEAR, HONGKOU)
        .given(*listed)
        .when(adopt_catalogue, AdoptCatalogue(CLERK, 2022, MATTER, "第4次"))
        .events
    )
    after = scenario(YEAR, HONGKOU).given(*listed, *adopted)
    after.when(list_decision, replace(put, item_id=an_id(6))).refused("change_needs_reason")
    changed = after.when(list_decision, replace(put, title="停车管理办法", reason="名称调整")).events
    year = reduce(YEAR.evolve, [*listed, *adopted, *changed], YEAR.start(THE_THING))
    assert [one.title for one in year.items.values()] == ["停车管理办法"]
    assert len(year.changes) == 1


def test_what_is_published_beside_a_units_catalogue_is_noticed_until_the_next_edition_has_it() -> None:
    issued = UnitCatalogueIssued(
        unit="finance_bureau",
        edition=1,
        lines=(CatalogueLine(kind="notice", title="通知"),),
        issued_by=FINANCE_HEAD,
        issued_on=date(2022, 1, 1),
    )
    known = NotePublished(an_id(5), "finance_bureau", "notice", "通知")
    given = scenario(UNIT_CATALOGUE, HONGKOU).given(issued)
    assert given.when(note_published, known).events == []
    (outside,) = given.when(note_published, replace(known, kind="normative_document")).events
    assert isinstance(outside, PublishedOutsideCatalogue)
    second = issued.model_copy(
        update={"edition": 2, "lines": (*issued.lines, CatalogueLine(kind="normative_document", title="规范性文件"))}
    )
    state = reduce(UNIT_CATALOGUE.evolve, [issued, outside, second], UNIT_CATALOGUE.start(THE_THING))
    assert dict(state.outside) == {}
