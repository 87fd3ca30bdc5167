"""The public site as readers and machines meet it: a catalogue with everything that can become of an entry."""

import hashlib
import re
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]  it has no types

from chancery.events.parts import PaperRef
from disclosure_svc.public.looks import STYLE
from tests.disclosure.test_over_http import hear_issued, publish
from tests.small_house import TENANT, SmallHouse

XML: Any = etree  # pyright: ignore[reportUnknownVariableType]  the same
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
WORDS = "虹口区城市道路养护办法\n第一条 道路由养护单位每日巡查。\n第二条 坑洼在三日内修补。\n"
PLAIN = PaperRef(
    kind="text",
    name="养护办法.txt",
    sha256=hashlib.sha256(WORDS.encode()).hexdigest(),
    size=len(WORDS.encode()),
    media_type="text/plain",
)
OFFICE = "office_clerk_qian"


@pytest.fixture(scope="module")
async def site(house: SmallHouse) -> dict[str, UUID]:
    """An old rule superseded by a new one, a notice repealed, one withdrawn; numbers that no other test uses."""
    old = await hear_issued(house, 901, kind="notice", title="道路养护暂行办法")
    new = await hear_issued(house, 902, kind="notice", title="道路养护办法", as_text=PLAIN)
    repealed = await hear_issued(house, 903, kind="notice", title="夜市管理通知")
    gone = await hear_issued(house, 904, kind="notice", title="误发的通知")
    await house.settle()
    description = {
        "summary": "谁巡查，几日修补。",
        "keywords": ["道路", "养护"],
        "theme": "城乡建设",
        "audience": "社会公众",
        "effective_on": "2022-01-21",
    }
    await house.done("disclosure.describe_entry", {"id": str(new), **description}, by=OFFICE)
    await house.done("disclosure.lay_open_text", {"id": str(new), "text": WORDS}, by=OFFICE)
    for entry in (old, new, repealed, gone):
        await publish(house, entry, explained=False)
    day = {"from_on": "2022-01-21"}
    by_new = {"validity": "superseded", "reason": "新办法施行", "by_entry": str(new)}
    await house.done("disclosure.change_validity", {"id": str(old), **day, **by_new}, by=OFFICE)
    ended = {"validity": "repealed", "reason": "任务已经完成"}
    await house.done("disclosure.change_validity", {"id": str(repealed), **day, **ended}, by=OFFICE)
    await house.done("disclosure.withdraw_entry", {"id": str(gone), "reason": "内容有误"}, by=OFFICE)
    await house.settle()
    return {"old": old, "new": new, "repealed": repealed, "gone": gone}


@pytest.fixture
async def browser(house: SmallHouse, site: dict[str, UUID]) -> Any:
    transport = httpx.ASGITransport(house.apps["disclosure"])
    async with httpx.AsyncClient(transport=transport, base_url="http://disclosure") as client:
        yield client


async def test_an_entry_shows_its_elements_its_text_and_its_links(
    browser: httpx.AsyncClient, site: dict[str, UUID]
) -> None:
    page = (await browser.get(f"/public/{TENANT}/{site['new']}")).text
    named = "索引号 名称 内容概述 生成日期 公开日期 发布机构 文号"
    sorted_in = "主题分类 体裁分类 服务对象 公开方式 责任部门 有效性 网络地址"
    for element in f"{named} {sorted_in}".split():
        assert f"<dt>{element}<" in page
    for told in (
        "谁巡查，几日修补。",
        "城乡建设",
        "社会公众",
        "道路、养护",
        "<p>第二条 坑洼在三日内修补。</p>",
        "司法局",
    ):
        assert told in page
    assert "取代以下文件" in page
    assert f'href="/public/{TENANT}/{site["old"]}"' in page
    old = (await browser.get(f"/public/{TENANT}/{site['old']}")).text
    assert "被以下文件取代" in old
    assert f'href="/public/{TENANT}/{site["new"]}"' in old
    assert "已被取代" in old
    assert "任务已经完成" in (await browser.get(f"/public/{TENANT}/{site['repealed']}")).text


async def test_the_text_is_a_file_whose_hash_is_told(browser: httpx.AsyncClient, site: dict[str, UUID]) -> None:
    entry = (await browser.get(f"/public/{TENANT}/entries/{site['new']}")).json()
    answer = await browser.get(entry["text"]["address"])
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == entry["text"]["sha256"] == PLAIN.sha256
    assert answer.headers["repr-digest"].startswith("sha-256=:")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (await browser.get(f"/public/{TENANT}/{site['old']}/text")).status_code == 404
    assert (await browser.get(f"/public/{TENANT}/{site['gone']}/text")).status_code == 404


async def test_a_withdrawn_entry_leaves_a_stone_with_the_reason(
    browser: httpx.AsyncClient, site: dict[str, UUID]
) -> None:
    page = await browser.get(f"/public/{TENANT}/{site['gone']}")
    assert page.status_code == 410
    assert "内容有误" in page.text
    assert "误发的通知" not in page.text
    stone = await browser.get(f"/public/{TENANT}/entries/{site['gone']}")
    assert (stone.status_code, stone.json()["reason"]) == (410, "内容有误")
    found = await browser.get(f"/public/{TENANT}/entries", params={"q": "误发"})
    assert found.json()["items"] == []


async def test_it_is_found_by_number_by_words_and_by_what_it_is(
    browser: httpx.AsyncClient, site: dict[str, UUID]
) -> None:
    async def found(**asked: str) -> set[str]:
        answer = await browser.get(f"/public/{TENANT}/entries", params={"limit": "200", **asked})
        assert answer.status_code == 200
        return {one["id"] for one in answer.json()["items"]}

    def ids(*names: str) -> set[str]:
        return {str(site[name]) for name in names}

    for written in ("虹府发〔2022〕902号", "虹府发[2022]902", "2022 902", "（2022）902号"):
        assert await found(number=written) == ids("new")
    assert await found(number="〔〕") == set()
    assert await found(q="坑洼 三日") == ids("new")
    assert await found(q="养护") == ids("old", "new")
    assert await found(q="养护", validity="in_force") == ids("new")
    assert await found(validity="repealed") == ids("repealed")
    assert await found(theme="城乡建设", year="2022", kind="notice") == ids("new")
    assert await found(theme="城乡建设", year="2021") == set()
    page = (await browser.get(f"/public/{TENANT}", params={"validity": "superseded", "year": "x", "kind": "%"})).text
    assert '<option value="superseded" selected>' in page
    assert "<details open>" in page


async def test_machines_read_the_feed_the_catalogue_and_the_map(
    browser: httpx.AsyncClient, site: dict[str, UUID]
) -> None:
    feed = await browser.get(f"/public/{TENANT}/atom.xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    told = XML.fromstring(feed.content)
    assert f"urn:uuid:{site['new']}" in {one.findtext(f"{ATOM}id") for one in told.iter(f"{ATOM}entry")}
    gone = list(told.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry"))
    assert [one.get("ref") for one in gone] == [f"urn:uuid:{site['gone']}"]
    catalogue = (await browser.get(f"/public/{TENANT}/catalogue.json", params={"limit": "200"})).json()
    sets = {one["@id"].rpartition("/")[2]: one for one in catalogue["dcat:dataset"]}
    assert sets[str(site["new"])]["dcat:distribution"]["spdx:checksum"]["spdx:checksumValue"] == PLAIN.sha256
    assert sets[str(site["new"])]["dct:replaces"] == [f"http://disclosure/public/{TENANT}/{site['old']}"]
    assert sets[str(site["old"])]["adms:status"] == "superseded"
    assert str(site["gone"]) not in sets
    places = XML.fromstring((await browser.get(f"/public/{TENANT}/sitemap.xml")).content)
    listed = {one.text for one in places.iter(f"{MAP}loc")}
    assert f"http://disclosure/public/{TENANT}/{site['repealed']}" in listed
    assert f"http://disclosure/public/{TENANT}/{site['gone']}" not in listed
    robots = (await browser.get("/robots.txt")).text
    assert "Disallow: /v1/" in robots
    index = XML.fromstring((await browser.get("/sitemap.xml")).content)
    assert f"http://disclosure/public/{TENANT}/sitemap.xml" in {one.text for one in index.iter(f"{MAP}loc")}
    assert (await browser.get("/public/nobody/atom.xml")).status_code == 404


# -- what anybody can use ------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(one * 2 for one in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_words_stands_out_from_every_ground_it_lies_on() -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1 for text, by day and by night."""
    day, night = STYLE.split("@media (prefers-color-scheme: dark)")
    for style, grounds, words in (
        (day, ("fcfbf8", "fff", "fbeeec"), ("1d1b18", "5c564c", "b3261e")),
        (night, ("1b1a18", "24221f", "3a2320"), ("ece7dd", "b9b1a4", "f0948c")),
    ):
        used = set(re.findall(r"(?<![-\w])(?:color|background): #([0-9a-f]{3,6})", style))
        assert used <= {*grounds, *words, "b3261e", "fff"}
        assert {(a, b) for a in words for b in grounds if contrast(a, b) < 4.5} == set()
    assert contrast("fff", "b3261e") >= 4.5  # the button
    assert min(contrast("1f5fa8", one) for one in ("fcfbf8", "fff")) >= 3  # the ring of the focus


async def test_headings_go_down_step_by_step_and_every_field_has_its_label(
    browser: httpx.AsyncClient, site: dict[str, UUID]
) -> None:
    for path in ("", f"/{TENANT}", f"/{TENANT}/{site['new']}", f"/{TENANT}/{site['old']}", f"/{TENANT}/{site['gone']}"):
        page = XML.fromstring((await browser.get(f"/public{path}")).text, XML.HTMLParser())
        levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4")]
        assert (levels[0], levels.count(1)) == (1, 1)
        assert all(after - before <= 1 for before, after in pairwise(levels))
        named = {one.get("for") for one in page.iter("label")}
        assert {one.get("id") for one in page.iter("input", "select", "textarea")} == named
        assert all("".join(one.itertext()).strip() for one in page.iter("a", "button", "summary"))
        assert next(one.get("href") for one in page.iter("a")) == "#main"
        ids = {one.get("id") for one in page.iter() if one.get("id")}
        assert {one.get("aria-labelledby") for one in page.iter() if one.get("aria-labelledby")} <= ids
        assert not list(page.iter("img", "script", "iframe", "object"))
        assert not [one for one in page.iter() if one.get("tabindex") not in (None, "0", "-1")]
