"""The ledger over HTTP: filters, lights, chosen columns, the identical sheet, counts, one page per unit."""

import csv as plain_csv
from collections.abc import AsyncGenerator
from io import BytesIO, StringIO
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.office import csv, docx, pdf, xlsx
from supervision_svc.views.ledger import COLUMNS
from supervision_svc.wiring import SERVICE as SUPERVISION
from tests.hongkou import at
from tests.small_house import Database, SmallHouse, small_house

LIGHTS = ("red", "yellow", "green", "none", "done")
OFFICE = "office_clerk_qian"


@pytest.fixture(scope="module")
async def ledger(
    fresh_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[tuple[SmallHouse, dict[str, str]]]:
    """Five tasks of the office's, one of each light, on 2022-03-09 at nine."""
    folder = tmp_path_factory.mktemp("ledger-house")
    async with small_house([ATTENDANCE, SUPERVISION], fresh_database, folder, at("2022-03-01")) as house:
        tasks: dict[str, str] = {}
        for light, lead, due_on in (
            ("red", "housing_bureau", "2022-03-08"),
            ("yellow", "housing_bureau", "2022-03-14"),
            ("green", "finance_bureau", "2022-03-15"),
            ("none", "justice_bureau", None),
            ("done", "housing_bureau", "2022-03-08"),
        ):
            finding = {
                "source": "audit",
                "title": f"审计整改（{light}）",
                "text": "=1+1 整改到位。",
                "lead": lead,
                "cooperating": ["finance_bureau"] if light == "red" else [],
                "reference": "审计报告第5号",
            } | ({"due_on": due_on} if due_on else {})
            tasks[light] = (await house.done("supervision.enter_task", finding, by=OFFICE))["id"]
        done = {"id": tasks["done"]}
        brings = {"text": "整改完毕", "done": True, "provides": ["rectify", "report_to_government"]}
        await house.done("supervision.sign_for_task", done, by="housing_clerk")
        await house.done("supervision.report_task", done | brings, by="housing_head")
        await house.clock(at("2022-03-09", 9))
        await house.done("supervision.close_task", done | {"note": "销号"}, by=OFFICE)
        yield house, tasks


Ledger = tuple[SmallHouse, dict[str, str]]


async def test_the_ledger_is_filtered_and_shows_the_columns_chosen(ledger: Ledger) -> None:
    """虹口2022 三十四: every light by its filter is the light on the line, and every filter finds just its own."""
    house, tasks = ledger

    async def found(**asked: Any) -> set[str]:
        page = await house.done("supervision.get_task_ledger", {"column": ["id"], **asked}, by="yan")
        assert [column["key"] for column in page["columns"]] == ["id"]
        return {item["id"] for item in page["items"]}

    assert await found() == set(tasks.values())
    for light in LIGHTS:
        assert await found(light=light) == {tasks[light]}, light
    lines = (await house.done("supervision.list_tasks", {}, by="yan"))["items"]
    assert {line["id"]: line["light"] for line in lines} == {task: light for light, task in tasks.items()}
    assert await found(unit="finance_bureau") == {tasks["red"], tasks["green"]}
    assert await found(lead="finance_bureau") == {tasks["green"]}
    assert await found(unsigned="true") == set(tasks.values()) - {tasks["done"]}
    assert await found(unsigned="false") == {tasks["done"]}
    assert await found(source="audit", supervisor="district_office", stage="closed") == {tasks["done"]}
    assert await found(channel="website_message") == set()
    assert await found(silent="true") == set()
    assert await found(**{"from": "2022-03-02"}) == set()
    assert await found(to="2022-03-01") == set(tasks.values())
    asked = {"column": ["lead", "due_on", "title"], "light": "red"}
    page = await house.done("supervision.get_task_ledger", asked, by="yan")
    assert page["items"] == [{"lead": "区住房保障房屋管理局", "due_on": "2022-03-08", "title": "审计整改（red）"}]
    problem = await house.refused("supervision.get_task_ledger", {"column": ["rank"]}, by="yan", status=422)
    assert [reason["code"] for reason in problem["reasons"]] == ["no_such_column"]


async def test_the_sheet_has_exactly_the_columns_and_rows_shown(ledger: Ledger) -> None:
    house, _ = ledger
    chosen = ["text", "lead", "due_on", "light", "signed_at", "overdue"]
    page = await house.done("supervision.get_task_ledger", {"column": chosen}, by="yan")
    answer = await house.call("supervision.export_task_ledger", {"sheet": "xlsx", "column": chosen}, by="yan")
    assert answer.headers["content-type"] == xlsx.MEDIA_TYPE
    sheet: Any = load_workbook(BytesIO(answer.content)).active
    known = {column.key: column for column in COLUMNS}
    assert [cell.value for cell in sheet[1]] == [f"{known[key].zh}\n{known[key].en}" for key in chosen]
    read = xlsx.read(answer.content, COLUMNS)
    assert [row.values["text"] for row in read.rows] == [item["text"] for item in page["items"]]
    assert [row.values["light"] for row in read.rows] == [item["light"] for item in page["items"]]
    assert [str(row.values["due_on"]) for row in read.rows] == [str(item["due_on"]) for item in page["items"]]
    assert [row.values["overdue"] for row in read.rows] == [item["overdue"] for item in page["items"]]
    assert {sheet.cell(row, 1).data_type for row in range(2, 7)} == {"s"}
    plain = await house.call("supervision.export_task_ledger", {"sheet": "csv", "column": ["title"]}, by="yan")
    assert plain.headers["content-type"].startswith(csv.MEDIA_TYPE.split(";")[0])
    lines = list(plain_csv.reader(StringIO(plain.content.decode("utf-8-sig"), newline="")))
    assert len(lines) == 6


async def test_counts_come_from_what_happened_and_rank_nobody(ledger: Ledger) -> None:
    house, _ = ledger
    answer: Any = await house.done("supervision.count_tasks", {}, by="yan")
    counted = {one["unit"]: one["counts"] for one in answer}
    assert list(counted) == sorted(counted)
    assert counted["housing_bureau"] == {
        "all": 3,
        "red": 1,
        "yellow": 1,
        "green": 0,
        "none": 0,
        "done": 1,
        "closed_late": 1,
        "silent": 0,
        "unsigned": 2,
    }
    for counts in counted.values():
        assert counts["all"] == sum(counts[light] for light in LIGHTS)
    only: Any = await house.done("supervision.count_tasks", {"light": "red"}, by="yan")
    assert [(one["unit"], one["counts"]["all"]) for one in only] == [("housing_bureau", 1)]


async def test_one_page_for_one_unit(ledger: Ledger) -> None:
    """What it leads, soonest due first, and with what it helps; the same on paper."""
    house, tasks = ledger
    page = await house.done("supervision.get_unit_tasks", {"unit": "housing_bureau"}, by="yan")
    assert [one["id"] for one in page["leads"]] == [tasks["red"], tasks["yellow"]]
    assert (page["helps"], page["left_off"], page["counts"]["all"]) == ([], 0, 3)
    finance = await house.done("supervision.get_unit_tasks", {"unit": "finance_bureau"}, by="yan")
    assert [one["id"] for one in finance["helps"]] == [tasks["red"]]
    quiet = await house.done("supervision.get_unit_tasks", {"unit": "culture_bureau"}, by="yan")
    assert (quiet["leads"], quiet["helps"], quiet["counts"]["all"]) == ([], [], 0)
    await house.refused("supervision.get_unit_tasks", {"unit": "no_bureau"}, by="yan", status=404)
    asked = {"unit": "housing_bureau"}
    printed = await house.call("supervision.print_unit_tasks", asked | {"form": "pdf"}, by="yan")
    assert printed.headers["content-type"] == pdf.MEDIA_TYPE
    said = "".join("".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(printed.content)).pages)
    for part in (
        "区住房保障房屋管理局督办事项",
        "牵头事项共3件",
        "逾期1件",
        "审计整改（red）",
        "红灯",
        "二、协助办理：无",
    ):
        assert part in said, part
    written = await house.call("supervision.print_unit_tasks", asked | {"form": "docx"}, by="yan")
    assert written.headers["content-type"] == docx.MEDIA_TYPE
    grids = Document(BytesIO(written.content)).tables
    assert [len(grid.rows) for grid in grids] == [3]
