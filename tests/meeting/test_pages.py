"""The pages of meetings: who may see them, what stands on them, and that what is downloaded is what is shown."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from tests.hongkou import at
from tests.meeting.test_over_http import QIAN, a_sitting, accepted_item, matter_with_reviews
from tests.small_house import SmallHouse


class Browser:
    """Somebody's browser: it keeps cookies and follows the form."""

    def __init__(self, house: SmallHouse) -> None:
        transport = httpx.ASGITransport(house.apps["meeting"])
        self.client = httpx.AsyncClient(transport=transport, base_url="http://meeting", follow_redirects=True)
        self.house = house

    async def sign_in(self, person: str) -> httpx.Response:
        token = self.house.issuer.mint(self.house.tenant, person=person)
        return await self.client.post("/meeting/sign-in", data={"token": token})

    async def shown(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text[:400]
        assert "script" not in answer.text
        return answer.text


@pytest.fixture(scope="module")
async def held(house: SmallHouse) -> dict[str, Any]:
    """Two items, one decided, one under way; one item new, one without its reviews."""
    await house.clock(at("2022-01-17"))
    items = [await accepted_item(house, "行政规范性文件管理办法"), await accepted_item(house, "<b>道路</b>命名")]
    fresh = await matter_with_reviews(house, "新报送的议题")
    await house.done("meeting.submit_agenda_item", {"matter_id": fresh, "body": "executive"}, by="justice_head")
    sitting = await house.done("meeting.convene_sitting", a_sitting(*items), by=QIAN)
    await house.settle()
    here = {"id": sitting["id"]}
    await house.clock(at("2022-01-19", 14))
    for person in ("tao", "yan", "justice_head"):
        await house.done("meeting.check_in_to_sitting", {**here, "person": person}, by=QIAN)
    await house.done("meeting.open_sitting", here, by=QIAN)
    decided = {"item_id": items[0], "outcome": "adopted", "text": "审议通过。", "lead": "justice_bureau"}
    await house.done("meeting.record_decision", {**here, **decided}, by=QIAN)
    await house.done("meeting.call_in_item", {**here, "item_id": items[1]}, by=QIAN)
    await house.settle()
    return {"sitting": sitting["id"], "items": items}


@pytest.fixture
async def browser(house: SmallHouse) -> Browser:
    return Browser(house)


async def test_nobody_sees_anything_without_a_token(browser: Browser, held: dict[str, Any]) -> None:
    for path in ("", "/board", "/decisions", f"/sittings/{held['sitting']}"):
        shown = await browser.shown(f"/meeting{path}")
        assert "令牌 Token" in shown
        assert "行政规范性文件管理办法" not in shown
    for path in (f"/sittings/{held['sitting']}/agenda.pdf", f"/sittings/{held['sitting']}/case-file.zip"):
        assert (await browser.client.get(f"/meeting{path}")).status_code == 401
    calendar = await browser.client.get("/meeting/calendars/bodies/executive.ics")
    assert (calendar.status_code, "Basic" in calendar.headers["www-authenticate"]) == (401, True)
    wrong = await browser.client.post("/meeting/sign-in", data={"token": "no token"})
    assert wrong.status_code == 401


async def test_the_run_sheet_shows_the_room_and_leads_to_the_papers(browser: Browser, held: dict[str, Any]) -> None:
    overview = (await browser.sign_in("tao")).text
    assert held["sitting"] in overview
    assert "2022-01-19 星期三 14:00" in overview
    sheet = await browser.shown(f"/meeting/sittings/{held['sitting']}")
    for part in ("行政规范性文件管理办法", "&lt;b&gt;道路&lt;/b&gt;命名", "审议中", "通过", "陶启明", "14:00 开始"):
        assert part in sheet, part
    for paper in ("notice", "agenda", "attendance", "run-sheet"):
        answer = await browser.client.get(f"/meeting/sittings/{held['sitting']}/{paper}.pdf")
        assert answer.content.startswith(b"%PDF"), paper
    assert (await browser.client.get(f"/meeting/sittings/{held['sitting']}/minutes.pdf")).status_code == 404
    case = await browser.client.get(f"/meeting/sittings/{held['sitting']}/case-file.zip")
    assert case.content.startswith(b"PK")
    assert (await browser.client.get("/meeting/sittings/00000000-0000-7000-8000-000000000000")).status_code == 404


async def test_the_board_stands_in_columns(browser: Browser, held: dict[str, Any]) -> None:
    await browser.sign_in("tao")
    board = await browser.shown("/meeting/board?body=executive")
    columns = [
        board.index(f'id="h-{key}"') for key in ("pool", "in_review", "gate_missing", "next_session", "deferred")
    ]
    assert columns == sorted(columns)
    assert columns[0] < board.index("新报送的议题") < columns[1]
    assert columns[3] < board.index("道路") < columns[4]
    assert (await browser.client.get("/meeting/board?body=nothing")).status_code == 404


async def test_the_sheet_of_decisions_is_what_the_page_shows(browser: Browser, held: dict[str, Any]) -> None:
    await browser.sign_in("tao")
    asked = "?body=executive&outcome=adopted&lead=&decided_from=2022-01-01&decided_to="
    shown = await browser.shown(f"/meeting/decisions{asked}")
    assert "审议通过。" in shown
    link = shown[shown.index("decisions.xlsx") :].partition('"')[0].replace("&amp;", "&")
    book = await browser.client.get(f"/meeting/{link}")
    rows = list(load_workbook(BytesIO(book.content)).worksheets[0].iter_rows(values_only=True))
    heads = [part.partition("<")[0] for part in shown.split('<th scope="col">')[1:]]
    assert [str(head).split()[0] for head in rows[0]] == heads
    assert len(rows) - 1 == shown.count("<tr>") - 1
    for cell in rows[1]:
        assert cell is None or str(cell).partition(" 00:00")[0] in shown
    assert (await browser.client.get("/meeting/decisions?outcome=nonsense")).status_code == 404


async def test_a_calendar_program_brings_the_token_as_its_password(house: SmallHouse, browser: Browser) -> None:
    token = house.issuer.mint(house.tenant, person="tao")
    for path in ("bodies/executive.ics", "persons/tao.ics"):
        answer = await browser.client.get(f"/meeting/calendars/{path}", auth=("anybody", token))
        assert answer.content.startswith(b"BEGIN:VCALENDAR"), answer.text[:200]
