"""The rule packs over HTTP: as data for those who may look, and as pages that hold together."""

from collections.abc import Sequence
from typing import Any, cast

import httpx
import pytest

from tests.eventlog.conftest import OPERATOR
from tests.rules.test_show import Nesting
from tests.small_house import TENANT, SmallHouse
from tests.web.contract import contract_of

PAGES = (
    "/console",
    "/console/log",
    "/console/packs",
    "/console/packs/hongkou-2022",
    "/console/coverage",
    "/console/diff",
    "/console/diff?one=hongkou-2022&other=haimen-2022",
    "/console/ask",
    "/console/ask?pack=hongkou-2022&table=signing&go=1&f.kind=notice&f.portfolios=2",
    "/console/ask?pack=hongkou-2022&table=signing&other=gaojing-2024&go=1&f.kind=normative_document",
    "/console/ask?pack=gaojing-2024&table=bodies&go=1",
)


async def asked(house: SmallHouse, operation: str, **given: Any) -> Any:
    """The answer of a read, as an operator."""
    return await house.done(f"eventlog.{operation}", given, roles=OPERATOR)


async def test_the_packs_are_listed_with_how_far_they_are_proved(house: SmallHouse) -> None:
    listed = {one["id"]: one for one in cast("list[dict[str, Any]]", await asked(house, "list_packs"))}
    hongkou = listed["hongkou-2022"]
    assert (hongkou["title"]["zh"], hongkou["number"]) == ("上海市虹口区人民政府工作规则", "虹府发〔2022〕3号")
    assert hongkou["numbers"]["cared_for"] == hongkou["numbers"]["duties"]
    coverage = await asked(house, "get_coverage")
    own = [one["numbers"]["duties"] for one in listed.values() if one["tier"] != "national"]
    assert coverage["numbers"]["duties"] == sum(own)
    assert (coverage["numbers"]["failures"], coverage["higher"]["failures"]) == (0, 0)


async def test_a_pack_is_read_clause_by_clause(house: SmallHouse) -> None:
    page = await asked(house, "show_pack", pack="hongkou-2022@2022.1")
    clauses = {clause["id"]: clause for article in page["articles"] for clause in article["clauses"]}
    signing = clauses["HK-58-1"]
    assert {row["table"] for row in signing["rows"]} == {"signing"}
    assert signing["state"] == "proven"
    assert signing["rows"][0]["orders"][0]["says"]["zh"] == "由区长签发"


async def test_a_pack_is_held_against_the_higher_law_of_a_day(house: SmallHouse, browser: httpx.AsyncClient) -> None:
    found = cast("list[dict[str, Any]]", await asked(house, "lint_pack", pack="haimen-2022", on="2026-04-08"))
    assert found
    assert all(one["own"] and one["zh"] and one["en"] for one in found)
    page = (await browser.get("/console/packs/haimen-2022")).text
    assert "Held against the higher law" in page


async def test_two_packs_are_laid_side_by_side(house: SmallHouse) -> None:
    found = await asked(house, "diff_packs", one="hongkou-2022", other="haimen-2022")
    seals = next(table for table in found["tables"] if table["table"] == "seals")
    assert all(pair["one"] is None for pair in seals["pairs"])


async def test_a_case_is_explained_and_asked_elsewhere(house: SmallHouse) -> None:
    facts = ["kind=normative_document", "portfolios=2"]
    case = await asked(house, "explain_case", pack="hongkou-2022", table="signing", fact=facts)
    assert [row["row"]["id"] for row in case["rows"] if row["stands"] == "answers"] == ["normative-by-mayor"]
    other = await asked(house, "what_if", pack="hongkou-2022", other="gaojing-2024", table="signing", fact=facts)
    assert [one["word"] for one in other["unknown"]] == ["normative_document"]


@pytest.mark.parametrize(
    ("operation", "given", "status"),
    [
        ("show_pack", {"pack": "nowhere-2022"}, 404),
        ("diff_packs", {"one": "hongkou-2022", "other": "nowhere-2022"}, 404),
        ("explain_case", {"pack": "hongkou-2022", "table": "spells"}, 422),
        ("explain_case", {"pack": "hongkou-2022", "table": "signing", "fact": ["colour=red"]}, 422),
        ("explain_case", {"pack": "hongkou-2022", "table": "signing", "fact": ["kind=pamphlet"]}, 422),
        ("what_if", {"pack": "hongkou-2022", "other": "gaojing-2024", "table": "signing", "fact": ["major=so"]}, 422),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_a_sentence(
    house: SmallHouse, operation: str, given: dict[str, Any], status: int
) -> None:
    problem = await house.refused(f"eventlog.{operation}", given, status=status, roles=OPERATOR)
    assert problem["reasons"]


async def test_only_operators_and_auditors_look(house: SmallHouse) -> None:
    for operation in ("list_packs", "get_coverage"):
        await house.refused(f"eventlog.{operation}", status=403, by="tao")


async def test_every_page_holds_together_and_leads_nowhere_else(browser: httpx.AsyncClient) -> None:
    for address in PAGES:
        answer = await browser.get(address)
        assert answer.status_code == 200, address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        read = Nesting(answer.text)
        assert (read.open, read.wrong) == ([], []), address
        outside = [to for to in read.addresses if not to.startswith(("/console", "#"))]
        assert outside == [], address
        assert len(read.ids) == len(set(read.ids)), address
        assert "规则运行台" in answer.text


async def test_the_links_of_the_pack_list_lead_to_pages(browser: httpx.AsyncClient) -> None:
    listed = Nesting((await browser.get("/console/packs")).text).addresses
    packs = [to for to in listed if to.startswith("/console/packs/")]
    assert len(packs) >= 3
    inner = Nesting((await browser.get(packs[0])).text).addresses
    for to in (*packs, *(to for to in inner if to.startswith("/console/diff?"))):
        assert (await browser.get(to)).status_code == 200, to


def shown(text: str, words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in text]


async def test_pages_say_what_they_are_for(browser: httpx.AsyncClient) -> None:
    pack = (await browser.get("/console/packs/hongkou-2022")).text
    assert shown(pack, ["第58条", "HK-58-1", "由区长签发", "有意沉默", "不建模", "解读"]) == []
    case = (await browser.get(PAGES[8])).text
    assert shown(case, ["across-portfolios", "HK-58-2", "涉及分管领域数：改为1", "within-portfolio", "另有先行"]) == []
    other = (await browser.get(PAGES[9])).text
    assert shown(other, ["没有“行政规范性文件”", "normative-by-mayor", "上海市宝山区高境镇"]) == []
    diff = (await browser.get(PAGES[6])).text
    assert shown(diff, ["同一事项，规定不同", "仅见于", "逐表比较"]) == []


async def test_a_wrong_fact_is_said_on_the_page(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/console/ask?pack=hongkou-2022&table=signing&go=1&f.portfolios=many")
    assert answer.status_code == 422
    assert "is a number" in answer.text
    assert (await browser.get("/console/packs/nowhere-2022")).status_code == 404


async def test_whoever_is_not_signed_in_is_sent_to_the_door(visitor: httpx.AsyncClient) -> None:
    for address in PAGES[2:]:
        answer = await visitor.get(address)
        assert "进入运行台" in answer.text, address


async def test_the_service_keeps_the_promise_of_its_document(house: SmallHouse) -> None:
    headers = {"Authorization": f"Bearer {house.issuer.mint(TENANT, client='contract', roles=OPERATOR)}"}
    assert await contract_of(house.apps["eventlog"], headers) == []
