"""The pages of supervision in a browser: closed without a token, lights as the API has them, nothing from elsewhere."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from supervision_svc.views.lights import LIGHTS
from tests.small_house import TENANT, SmallHouse
from tests.supervision.test_ledger import Ledger, ledger

__all__ = ["ledger"]
PLACES = ("", "/ledger", "/units/housing_bureau", "/leaders/shi")


@asynccontextmanager
async def browser(house: SmallHouse, person: str | None = "yan") -> AsyncGenerator[httpx.AsyncClient]:
    cookies = {"chancery_supervision": house.issuer.mint(TENANT, person=person)} if person else {}
    transport = httpx.ASGITransport(house.apps["supervision"])
    async with httpx.AsyncClient(transport=transport, base_url="http://supervision", cookies=cookies) as client:
        yield client


async def test_nothing_is_shown_without_a_valid_token(ledger: Ledger) -> None:
    house, _ = ledger
    async with browser(house, None) as client:
        for where in PLACES:
            asked = await client.get(f"/supervision{where}")
            assert "令牌" in asked.text
            assert "审计整改" not in asked.text
        for paper in ("/ledger.xlsx", "/report.pdf", "/units/housing_bureau/tasks.pdf", "/leaders/shi/tasks.docx"):
            assert (await client.get(f"/supervision{paper}")).status_code == 401
        assert (await client.post("/supervision/sign-in", data={"token": "no"})).status_code == 401
        entered = await client.post("/supervision/sign-in", data={"token": house.issuer.mint(TENANT, person="yan")})
        assert (entered.status_code, entered.headers["location"]) == (303, "/supervision")
        assert "HttpOnly" in entered.headers["set-cookie"]


async def test_the_overview_counts_every_light_and_leads_to_units_and_leaders(ledger: Ledger) -> None:
    house, _ = ledger
    async with browser(house) as client:
        page = (await client.get("/supervision")).text
    for light in LIGHTS:
        assert f'<li class="l-{light}"><b>1</b>' in page
    assert 'href="/supervision/units/housing_bureau"' in page
    assert 'href="/supervision/leaders/shi"' in page


async def test_the_ledger_shows_what_was_asked_for_and_gives_exactly_that(ledger: Ledger) -> None:
    house, _ = ledger
    async with browser(house) as client:
        page = (await client.get("/supervision/ledger", params={"light": "red", "column": ["title", "light"]})).text
        assert "审计整改（red）" in page
        assert "审计整改（yellow）" not in page
        assert "/supervision/ledger.xlsx?light=red&amp;column=title&amp;column=light" in page
        sheet = await client.get("/supervision/ledger.csv?light=red&column=title&column=light")
        lines = sheet.content.decode("utf-8-sig").splitlines()
        assert (len(lines), "审计整改（red）" in lines[1]) == (2, True)
        for wrong in ("?light=blue", "?stage=lost", "?from=soon", "?column=rank", "?silent=perhaps"):
            assert (await client.get(f"/supervision/ledger{wrong}")).status_code == 404


async def test_a_unit_and_a_leader_have_a_page_and_a_paper(ledger: Ledger) -> None:
    house, _ = ledger
    async with browser(house) as client:
        unit = (await client.get("/supervision/units/finance_bureau")).text
        assert unit.index("审计整改（green）") < unit.index(
            "审计整改（red）"
        )  # it leads the one and helps with the other
        leader = (await client.get("/supervision/leaders/shi")).text
        assert "分管单位牵头" in leader
        assert "审计整改（red）" in leader
        paper = await client.get("/supervision/units/finance_bureau/tasks.pdf")
        assert "审计整改" in "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
        for where in ("/units/nobody", "/leaders/nobody", "/units/nobody/tasks.pdf", "/leaders/nobody/tasks.docx"):
            assert (await client.get(f"/supervision{where}")).status_code == 404


@pytest.mark.parametrize("where", PLACES)
async def test_a_page_needs_nothing_from_outside(ledger: Ledger, where: str) -> None:
    house, _ = ledger
    async with browser(house) as client:
        answer = await client.get(f"/supervision{where}")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "https://" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
