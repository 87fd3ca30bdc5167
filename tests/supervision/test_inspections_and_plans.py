"""Inspections within the limits of the rules, plans and what is owed of them, information, handover; over HTTP."""

from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.office import docx, pdf
from supervision_svc.plan.period import days_of, period_of, unit_of
from supervision_svc.wiring import SERVICE as SUPERVISION
from tests.hongkou import at
from tests.small_house import Database, SmallHouse, small_house

OFFICE, OFFICE_HEAD = "office_clerk_qian", "yan"


@pytest.fixture(scope="module")
async def busy(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("busy-house")
    async with small_house([ATTENDANCE, SUPERVISION], fresh_database, folder, at("2022-03-01")) as house:
        yield house


def test_periods_are_written_in_one_way() -> None:
    for unit, period, first, last in (
        ("year", "2022", "2022-01-01", "2022-12-31"),
        ("half_year", "2022-H1", "2022-01-01", "2022-06-30"),
        ("quarter", "2022-Q1", "2022-01-01", "2022-03-31"),
        ("month", "2022-03", "2022-03-01", "2022-03-31"),
    ):
        assert period_of(at("2022-03-01").date(), unit) == period
        assert unit_of(period) == unit
        assert tuple(day.isoformat() for day in days_of(period)) == (first, last)
    assert period_of(at("2022-03-01").date(), "week") is None


async def test_an_inspection_is_concluded_told_acknowledged_and_looked_at_again(busy: SmallHouse) -> None:
    """Hongkou sets no limit: the plan stands; the conclusion is told, and is looked at again by others."""
    house = busy
    form = {
        "unit": "housing_bureau",
        "subject": "老旧小区改造",
        "inspector": "district_office",
        "first_on": "2022-03-02",
        "last_on": "2022-03-03",
        "plan": "看三处工地",
    }
    strange = form | {"inspector": "no_bureau", "last_on": "2022-03-01"}
    problem = await house.refused("supervision.plan_inspection", strange, by=OFFICE, status=409)
    assert {one["code"] for one in problem["reasons"]} == {"unit_not_known", "days_in_wrong_order"}
    await house.refused("supervision.plan_inspection", form, by="housing_clerk", status=403)
    planned = await house.done("supervision.plan_inspection", form, by=OFFICE)
    [event] = planned["events"]
    listed = await house.done("supervision.list_inspections", {"unit": "housing_bureau"}, by=OFFICE)
    one = {"unit": "housing_bureau", "inspection_id": listed["items"][0]["id"]}
    assert event["type"] == "supervision.inspection_planned"
    said = one | {"text": "已收悉"}
    conclusion = one | {"conclusion": "一处缺记录", "to_put_right": "补齐"}
    early = await house.refused("supervision.conclude_inspection", conclusion, by=OFFICE, status=409)
    assert early["reasons"][0]["code"] == "inspection_not_begun"
    await house.refused("supervision.acknowledge_inspection", said, by="housing_clerk", status=409)
    await house.clock(at("2022-03-03"))
    await house.done("supervision.conclude_inspection", conclusion, by=OFFICE)
    await house.refused("supervision.acknowledge_inspection", said, by=OFFICE, status=403)
    await house.done("supervision.acknowledge_inspection", said, by="housing_clerk")
    await house.done("supervision.ask_inspection_review", one | {"text": "当日已补"}, by="housing_head")
    answer = one | {"text": "更正", "upheld": False}
    author = await house.refused("supervision.review_inspection", answer, by=OFFICE, status=403)
    assert author["reasons"][0]["code"] == "not_by_its_author"
    await house.done("supervision.review_inspection", answer, by=OFFICE_HEAD)
    [line] = (await house.done("supervision.list_inspections", {"stage": "reviewed"}, by=OFFICE))["items"]
    assert (line["conclusion"], line["reply"]) == ("更正", "已收悉")


async def test_the_years_key_work_opens_tasks_for_complete_lines_and_says_what_is_owed(busy: SmallHouse) -> None:
    """虹口2022 四十二, 四十四: a line without measure and value stays out; a stage's goals are looked for by line."""
    house = busy
    whole = {"approved_report": "2022年报告", "measure": "户数", "value": "300", "responsible": "房管", "due": "12月"}
    lines: list[dict[str, Any]] = [
        {"title": "旧改", "fields": whole, "lead": "housing_bureau", "due_on": "2022-12-20"},
        {"title": "绿化", "fields": {"approved_report": "2022年报告"}, "lead": "greening_bureau"},
    ]
    year = {"artefact": "annual_key_work", "period": "2022", "entries": lines, "as_tasks": "annual_key_work"}
    wrong = await house.refused("supervision.file_plan", year | {"period": "2022-03"}, by=OFFICE, status=409)
    assert {one["code"] for one in wrong["reasons"]} == {"another_period"}
    lines[1]["lead"] = "construction_bureau"
    await house.done("supervision.file_plan", year, by=OFFICE)
    await house.settle()
    tasks = (await house.done("supervision.list_tasks", {"source": "annual_key_work"}, by=OFFICE))["items"]
    assert [(task["title"], task["lead"], task["due_on"]) for task in tasks] == [
        ("旧改", "housing_bureau", "2022-12-20")
    ]
    asked = {"artefact": "annual_key_work", "period": "2022"}
    answer: Any = await house.done("supervision.list_plans_owed", asked, by=OFFICE)
    [owed] = answer
    assert (owed["state"], owed["lacking"]) == ("draft", {"绿化": ["measure", "value", "responsible", "due"]})
    lines[1]["fields"] = whole
    await house.done("supervision.file_plan", year, by=OFFICE)
    await house.settle()
    tasks = (await house.done("supervision.list_tasks", {"source": "annual_key_work"}, by=OFFICE))["items"]
    assert sorted(task["title"] for task in tasks) == ["旧改", "绿化"]
    goals = {
        "artefact": "stage_goals",
        "period": "2022-Q2",
        "entries": [{"title": "二季度旧改", "item": "旧改", "fields": {"item": "旧改", "goal": "100户"}}],
    }
    await house.done("supervision.file_plan", goals, by=OFFICE)
    asked = {"artefact": "stage_goals", "period": "2022-Q2", "of": "annual_key_work"}
    answer = await house.done("supervision.list_plans_owed", asked, by=OFFICE)
    assert answer[0]["items_without"] == ["绿化"]


async def test_information_is_counted_by_unit_with_those_that_told_nothing(busy: SmallHouse) -> None:
    house = busy
    form = {"unit": "finance_bureau", "kind": "briefing", "title": "一季度收支", "text": "收支平衡。"}
    await house.refused("supervision.submit_information", form, by="housing_clerk", status=403)
    told = {"id": (await house.done("supervision.submit_information", form, by="finance_head"))["id"]}
    mine = {"information_id": told["id"], "text": "每日要情第12期"}
    await house.refused("supervision.use_information", mine, by="finance_head", status=403)
    await house.done("supervision.use_information", mine, by=OFFICE)
    await house.done("supervision.answer_information", mine | {"text": "已采用"}, by=OFFICE)
    answer: Any = await house.done("supervision.count_information", {"period": "2022-03"}, by=OFFICE)
    counts = {one["unit"]: (one["all"], one["used"], one["answered"]) for one in answer}
    assert (counts["finance_bureau"], counts["housing_bureau"]) == ((1, 1, 1), (0, 0, 0))


async def test_a_batch_enters_each_once_and_a_refusal_keeps_no_other_back(busy: SmallHouse) -> None:
    house = busy
    call = {"source": "message", "channel": "hotline_12345_online", "text": "来电反映。", "lead": "construction_bureau"}
    items = [call | {"outside_id": f"12345-{no}", "title": f"来电{no}"} for no in range(30)]
    items.append(call | {"outside_id": "12345-x", "title": "错", "channel": "pigeon"})
    first = await house.done("supervision.take_in_tasks", {"items": items}, by=OFFICE)
    assert (first["entered"], first["there_already"], first["refused"]) == (30, 0, 1)
    assert first["items"][-1]["reasons"] == [{"code": "word_not_known", "subject": "channel", "clauses": []}]
    again = await house.done("supervision.take_in_tasks", {"items": items[:30] + items[:2]}, by=OFFICE)
    assert (again["entered"], again["there_already"], again["refused"]) == (0, 32, 0)
    one = items[3] | {"outside_id": "12345-3"}
    problem = await house.refused("supervision.enter_task", one, by=OFFICE, status=409)
    assert problem["reasons"][0]["code"] == "task_opened_already"


async def test_a_leaders_page_and_the_report_are_counted_from_the_same_tasks(busy: SmallHouse) -> None:
    house = busy
    page = await house.done("supervision.get_leader_tasks", {"person": "shi"}, by=OFFICE)
    portfolio = page["portfolio"]
    assert portfolio["counts"]["all"] > 0
    assert "旧改" in {task["title"] for task in portfolio["tasks"]}
    assert portfolio["counts"]["all"] - portfolio["counts"]["done"] == len(portfolio["tasks"])
    await house.refused("supervision.get_leader_tasks", {"person": "ghost"}, by=OFFICE, status=404)
    printed = await house.call("supervision.print_leader_tasks", {"person": "shi", "form": "pdf"}, by=OFFICE)
    said = "".join("".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(printed.content)).pages)
    assert "三、分管单位牵头事项" in said
    report = await house.call("supervision.print_supervision_report", {"form": "docx"}, by=OFFICE)
    assert report.headers["content-type"] == docx.MEDIA_TYPE
    text = "\n".join(line.text for line in Document(BytesIO(report.content)).paragraphs)
    counts: Any = await house.done("supervision.count_tasks", {}, by=OFFICE)
    assert f"共{sum(one['counts']['all'] for one in counts)}件" in text
    assert "不作排名" in text
    printed = await house.call("supervision.print_supervision_report", {"form": "pdf"}, by=OFFICE)
    assert printed.headers["content-type"] == pdf.MEDIA_TYPE


async def test_work_goes_over_with_every_task_its_giver_answers_for(busy: SmallHouse) -> None:
    """Whoever takes it answers for it from now on, with no task left behind."""
    house = busy
    before = (await house.done("supervision.get_leader_tasks", {"person": "shi"}, by=OFFICE))["answers"]
    named = [task["id"] for task in before["tasks"]]
    assert named
    form = {"giver": "shi", "receiver": "cao", "note": "分工调整"}
    await house.refused("supervision.hand_work_over", form, by="finance_clerk", status=403)
    await house.done("supervision.hand_work_over", form, by="shi")
    await house.settle()
    after = await house.done("supervision.get_leader_tasks", {"person": "cao"}, by=OFFICE)
    assert set(named) <= {task["id"] for task in after["answers"]["tasks"]}
    left = await house.done("supervision.get_leader_tasks", {"person": "shi"}, by=OFFICE)
    assert left["answers"]["tasks"] == []
    problem = await house.refused("supervision.hand_work_over", form, by="shi", status=409)
    assert problem["reasons"][0]["code"] == "nothing_to_hand_over"
