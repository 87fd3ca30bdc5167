"""A pack as a page: every clause is there with what the software does with it, and what it does not do is said."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import chancery
from chancery.pages import whole_page
from chancery.rules.coverage import cover, together
from chancery.rules.diff import diff
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.proving import scenarios_of
from chancery.rules.show import markdown, show
from tests.rules.small import FILES, made

PACKS = Path(chancery.__file__).parent / "packs"
ALL = list(load_folder(PACKS).values())
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Nesting(HTMLParser):
    """Whether every element that opens closes, in order; and the addresses a page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("pack", ALL, ids=lambda pack: pack.head.id)
def test_every_clause_and_row_of_a_pack_is_on_its_page(pack: Pack) -> None:
    page = show(pack, scenarios_of(PACKS / pack.head.id)[0])
    clauses = [clause.id for article in page.articles for clause in article.clauses]
    assert clauses == list(pack.clauses)
    rows = {(row.table, row.id) for article in page.articles for clause in article.clauses for row in clause.rows}
    assert rows == {(table, row.id) for table, listed in pack.tables.items() for row in listed}
    assert {one.clause for one in page.given_up} == {one.clause for one in pack.head.not_modelled}
    assert len(page.readings) == sum(bool(row.reading) for rows in pack.tables.values() for row in rows)
    for language in ("zh", "en"):
        text = markdown(page, language)
        assert [clause for clause in pack.clauses if f"**{clause}**" not in text] == []


@pytest.mark.parametrize("pack", ALL, ids=lambda pack: pack.head.id)
def test_pages_are_whole_and_take_nothing_from_elsewhere(pack: Pack) -> None:
    scenarios = scenarios_of(PACKS / pack.head.id)[0]
    found = together([cover(pack, scenarios)])
    pages = {
        "pack": whole_page("pack", "x", shown=show(pack, scenarios)),
        "coverage": whole_page("coverage", "x", found=found),
        "diff": whole_page("diff", "x", found=diff(pack, ALL[0])),
    }
    for name, text in pages.items():
        read = Nesting(text)
        assert (read.open, read.wrong) == ([], []), name
        assert [address for address in read.addresses if not address.startswith("#")] == [], name
        assert len(read.ids) == len(set(read.ids)), name
        assert {address[1:] for address in read.addresses} <= {*read.ids, *pack.clauses}, name
        assert "url(" not in text


def test_english_and_chinese_pages_say_the_same_in_their_own_language(tmp_path: Path) -> None:
    page = show(
        made(tmp_path, signing="- {id: all, clauses: [MP-2-1], when: {}, route: [{do: sign, by: {post: head}}]}")
    )
    zh, en = markdown(page, "zh"), markdown(page, "en")
    assert "公文签发 `all`（必须）任何情形 → 程序：由首长签发" in zh
    assert "Who signs `all`（must）in every case → route: head signs" in en
    assert not re.search("[\u4e00-\u9fff]", en.replace("（", "").replace("）", "").replace("→", ""))


def test_what_a_pack_says_cannot_break_out_of_its_page(tmp_path: Path) -> None:
    posts = FILES["posts"].replace("首长", "<script>alert(1)</script>")
    pack = made(
        tmp_path, posts=posts, signing="- {id: all, clauses: [MP-2-1], when: {}, route: [{do: sign, by: {post: head}}]}"
    )
    text = whole_page("pack", "x", shown=show(pack))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
