"""The catalogue from within and from outside, over HTTP, real PostgreSQL and real NATS."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import pytest

from chancery.events.parts import PaperRef
from chancery.names import TenantId
from chancery.service import Order, derived
from disclosure_svc.entry.prepare import Prepare, prepare
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.public.looks import DIGEST
from disclosure_svc.wiring import SERVICE
from tests.hongkou import an_id, at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.supervision.examples import issued
from tests.web.contract import contract_of

PAPER = {"kind": "interpretation", "name": "jiedu.txt", "sha256": "a" * 64, "size": 900, "media_type": "text/plain"}
TEXT = PaperRef(kind="text", name="正文.txt", sha256="b" * 64, size=12345, media_type="text/plain")
DOCUMENTS = 120
NASTY = "<script>alert(1)</script>与“引号”"


async def hear_issued(house: SmallHouse, number: int, *, as_text: PaperRef = TEXT, **more: object) -> UUID:
    """What the reaction orders when a document was issued; the number then comes by itself."""
    document = an_id(1000 + number)
    event = issued(document_id=document, number=f"虹府发〔2022〕{number}号", founding=None, text=as_text, **more)
    entry = derived(document, "entry")
    order = Order(ENTRY, prepare, Prepare(event), stream=entry, matter=event.matter_id)
    desk = house.running("disclosure").house
    await desk.carry_out(order, "prepare_entry", tenant=TenantId(TENANT), cause=document)
    return entry


async def publish(house: SmallHouse, entry: UUID, *, explained: bool = True) -> None:
    one = {"id": str(entry)}
    await house.done("disclosure.review_secrecy", one | {"passed": True}, by="office_clerk_qian")
    if explained:
        explanation = one | {"title": "解读", "paper": PAPER}
        await house.done("disclosure.attach_interpretation", explanation, by="justice_head")
    await house.done("disclosure.publish_entry", one, by="office_clerk_qian")


@pytest.fixture(scope="module")
async def catalogue(house: SmallHouse) -> list[UUID]:
    """Many entries: most are public, one is withheld, one waits."""
    entries = [
        await hear_issued(house, number, kind="notice", title=f"第{number}号通知") for number in range(1, DOCUMENTS)
    ]
    nasty = await hear_issued(house, DOCUMENTS, title=NASTY)
    await house.settle()
    for entry in entries[2:]:
        await publish(house, entry, explained=False)
    await publish(house, nasty)
    return [*entries, nasty]


@pytest.fixture
async def browser(house: SmallHouse, catalogue: list[UUID]) -> Any:
    transport = httpx.ASGITransport(house.apps["disclosure"])
    async with httpx.AsyncClient(transport=transport, base_url="http://disclosure") as client:
        yield client


async def test_an_issued_document_waits_until_it_is_reviewed(house: SmallHouse, catalogue: list[UUID]) -> None:
    waiting = await house.done("disclosure.get_catalogue_entry", {"id": str(catalogue[0])}, by="yan")
    assert (waiting["index_number"], waiting["stage"], waiting["missing"]) == (
        "AD2022-00001",
        "prepared",
        ["needs_secrecy_review"],
    )
    problem = await house.refused("disclosure.publish_entry", {"id": str(catalogue[0])}, by="office_clerk_qian")
    assert [reason["code"] for reason in problem["reasons"]] == ["needs_secrecy_review"]
    assert "HK-27-1" in {clause["id"] for clause in problem["clauses"]}
    await house.refused("disclosure.publish_entry", {"id": str(catalogue[0])}, by="justice_head", status=403)


async def test_every_entry_has_its_own_index_number_without_a_gap(house: SmallHouse, catalogue: list[UUID]) -> None:
    found: list[str] = []
    asked: dict[str, Any] = {"limit": 50}
    while True:
        listed = await house.done("disclosure.list_catalogue_entries", asked, by="yan")
        found += [line["index_number"] for line in listed["items"]]
        if listed["next"] is None:
            break
        asked["cursor"] = listed["next"]
    assert sorted(found) == [f"AD2022-{number:05d}" for number in range(1, DOCUMENTS + 1)]


async def test_the_public_sees_what_is_published_and_nothing_else(
    browser: httpx.AsyncClient, catalogue: list[UUID]
) -> None:
    hidden = catalogue[0]
    assert (await browser.get(f"/public/{TENANT}/{hidden}")).status_code == 404
    assert (await browser.get(f"/public/{TENANT}/entries/{hidden}")).status_code == 404
    seen: set[str] = set()
    cursor: dict[str, str] = {}
    while True:
        page = (await browser.get(f"/public/{TENANT}/entries", params={"limit": "50", **cursor})).json()
        assert not seen & {one["id"] for one in page["items"]}
        seen |= {one["id"] for one in page["items"]}
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == {str(entry) for entry in catalogue[2:]}
    for path in (f"/public/{TENANT}", f"/public/{TENANT}/entries"):
        assert (await browser.get(path)).status_code == 200
        assert (await browser.get(path.replace(TENANT, "nobody"))).status_code == 404
    elsewhere = await browser.get("/public/try-hongkou-2022-x/entries")
    assert elsewhere.json() == {"items": [], "next": None}


async def test_it_is_found_by_number_and_by_words(browser: httpx.AsyncClient, catalogue: list[UUID]) -> None:
    async def titles(words: str) -> list[str]:
        answer = await browser.get(f"/public/{TENANT}/entries", params={"q": words})
        return [one["title"] for one in answer.json()["items"]]

    assert await titles("虹府发〔2022〕77号") == ["第77号通知"]
    assert await titles("AD2022-00042") == ["第42号通知"]
    assert await titles("ad2022-00042 通知") == ["第42号通知"]
    assert await titles("通知 99") == ["第99号通知"]
    assert await titles("%") == []
    assert await titles("没有这样的") == []
    assert (await browser.get(f"/public/{TENANT}/entries", params={"q": "\x00"})).status_code == 422


class Reader(HTMLParser):
    """What a screen reader and a browser would trip over."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.outside: list[str] = []
        self.lang: str | None = None
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = found.get("lang")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "label":
            self.labels.append(str(found.get("for")))
        self._in_title = tag == "title"
        for name in ("src", "href", "action"):
            value = found.get(name)
            if value and not value.startswith(("/public", "#")):
                self.outside.append(value)
        assert not [name for name in found if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
            self._in_title = False


def read(answer: httpx.Response) -> Reader:
    reader = Reader()
    reader.feed(answer.text)
    return reader


async def test_pages_are_plain_escaped_and_need_nothing_from_outside(
    browser: httpx.AsyncClient, catalogue: list[UUID]
) -> None:
    first = await browser.get(f"/public/{TENANT}")
    entry = await browser.get(f"/public/{TENANT}/{catalogue[-1]}")
    missing = await browser.get(f"/public/{TENANT}/not-an-id")
    results = await browser.get(f"/public/{TENANT}", params={"q": "<b>"})
    governments = await browser.get("/public")
    assert [one.status_code for one in (first, entry, missing, results, governments)] == [200, 200, 404, 200, 200]
    for answer in (first, entry, missing, results, governments):
        page = read(answer)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script" not in page.tags
        assert f"'sha256-{DIGEST}'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert (page.lang, page.outside, page.tags.count("h1"), page.tags.count("main")) == ("zh-CN", [], 1, 1)
        assert page.tags.index("a") < page.tags.index("header")  # the way past the head comes first
        assert len(set(page.ids)) == len(page.ids)
        assert set(page.labels) <= set(page.ids)
        assert page.tags.count("label") == page.tags.count("input") + page.tags.count("select")
        assert page.title.strip()
    assert "<script>" not in entry.text
    assert "&lt;script&gt;" in entry.text
    assert "&lt;b&gt;" in results.text
    for told in ("虹府发〔2022〕120号", "AD2022-00120", "正文.txt", "b" * 64, "jiedu.txt", "区人民政府"):
        assert told in entry.text
    assert "上海市虹口区人民政府" in governments.text
    assert "try-hongkou" not in governments.text


async def test_the_list_goes_on_over_pages(browser: httpx.AsyncClient, catalogue: list[UUID]) -> None:
    page = await browser.get(f"/public/{TENANT}")
    seen: list[str] = []
    for _ in range(5):
        seen += page.text.split('<h2><a href="/public/')[1:]
        if 'rel="next"' not in page.text:
            break
        address = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        page = await browser.get(address)
    assert len(seen) == len(catalogue) - 2
    assert "第一页" in page.text
    assert (await browser.get(f"/public/{TENANT}", params={"cursor": "forged"})).status_code == 404


async def test_all_events_folded_again_give_the_same_catalogue(house: SmallHouse, catalogue: list[UUID]) -> None:
    """Promise 2: replaying all events gives the same state."""
    running = house.running("disclosure")
    own = [one for one in SERVICE.projections if one.name != "deadline"]
    rows = projected(await all_events(running), own)["catalogue"]
    stored = {row["entry_id"]: row for row in await stored_rows(running, "catalogue", TENANT)}
    assert len(stored) == len(rows) >= len(catalogue)
    for row in rows.values():
        assert alike(stored[row["entry_id"]], row)


async def test_a_redelivered_document_prepares_nothing_twice(house: SmallHouse, catalogue: list[UUID]) -> None:
    before = await house.running("disclosure").store.last_position()
    again = await hear_issued(house, 1, kind="notice", title="第1号通知")
    await house.settle()
    assert again == catalogue[0]
    assert await house.running("disclosure").store.last_position() == before


async def test_the_service_answers_as_its_document_says(house: SmallHouse, catalogue: list[UUID]) -> None:
    token = house.issuer.mint(TENANT, person="office_clerk_qian")
    assert await contract_of(house.apps["disclosure"], {"Authorization": f"Bearer {token}"}) == []


async def test_a_publication_has_its_moment(house: SmallHouse, catalogue: list[UUID]) -> None:
    entry = await house.done("disclosure.get_catalogue_entry", {"id": str(catalogue[-1])}, by="yan")
    assert entry["published_on"] == "2022-01-21"
    told = [event for event in await all_events(house.running("disclosure")) if event.type == "disclosure.published"]
    assert len(told) == len(catalogue) - 2
    assert all(abs(event.business_at - at("2022-01-21")) < timedelta(hours=12) for event in told)
