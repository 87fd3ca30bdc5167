"""The importer on real documents: right, or null with a doubt that says so; never wrong."""

from datetime import date
from typing import Any

import pytest

from chancery.refusal import Refused
from document_svc.intake.importer import Imported, import_text
from document_svc.intake.number import numbered
from document_svc.intake.numerals import number
from document_svc.intake.secrecy import refuse_secrets
from tests.document.importing import judged, public_documents, rule_texts, table

PUBLIC = public_documents()
RULES = rule_texts()
TOLD_WHEN_NULL = ("kind", "number", "title", "issuers", "signed")


def doubts(found: Imported) -> set[tuple[str, str | None]]:
    return {(one.reason.code, one.reason.subject) for one in found.doubts}


def only(text: str, page: dict[str, str] | None = None) -> Imported:
    [found] = import_text(text, page)
    return found


# -- the public documents and the rule texts ---------------------------------------------------


def test_the_fifteen_kinds_are_all_among_the_public_documents() -> None:
    assert len(PUBLIC) == 37
    assert len({one["says"]["kind"] for one in PUBLIC}) == 15


@pytest.mark.parametrize("known", [*PUBLIC, *RULES], ids=lambda known: known["id"])
def test_no_field_of_a_document_is_read_wrongly(known: dict[str, Any]) -> None:
    assert [one for one in judged(known) if one[1] == "wrong"] == []


@pytest.mark.parametrize("known", [*PUBLIC, *RULES], ids=lambda known: known["id"])
def test_what_is_null_though_it_is_true_somewhere_is_told(known: dict[str, Any]) -> None:
    told = {subject for _, subject in doubts(only(known["text"], known.get("page")))}
    for name, how, _, _ in judged(known):
        if how == "null" and name in TOLD_WHEN_NULL:
            assert name in told
    for code in known.get("doubts", ()):
        assert code in {one for one, _ in doubts(only(known["text"]))}


def test_the_table_of_fields_is_as_good_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    """Right fields may only become more. ``pytest -s`` shows the table."""
    said, counts = table([*PUBLIC, *RULES])
    with capsys.disabled():
        print("\n" + said)
    assert sum(one["wrong"] for one in counts.values()) == 0
    least = {"kind": 40, "number": 41, "title": 39, "issuers": 37, "addressees": 39, "signed": 39, "adopted": 42}
    assert {name: counts[name]["right"] for name in least if counts[name]["right"] < least[name]} == {}


@pytest.mark.parametrize("known", [*PUBLIC, *RULES], ids=lambda known: known["id"])
def test_every_field_stands_where_it_says_it_stands(known: dict[str, Any]) -> None:
    text = known["text"]
    found = only(text, known.get("page"))
    lines = text.split("\n")
    single = (found.number, found.signed, found.title, found.disclosure, found.signer, found.urgency, found.agreed_by)
    many = (*found.issuers, *found.addressees, *found.copy_to, *found.references)
    for said in (*single, *many):
        for place in said.places if said else ():
            if place.label is not None and place.line == 0:
                continue
            stretch = text[place.start : place.end]
            assert stretch.strip()
            assert lines[place.line - 1 : place.to_line]
            assert text.count("\n", 0, place.start) + 1 == place.line
    for said in found.addressees:
        compact = "".join(text[said.places[0].start : said.places[0].end].split())
        assert said.value in compact


# -- oddities, each told and none mended ----------------------------------------------------

NOTICE = "关于样稿的通知\n{number}\n各部门：\n样稿。\n某某区人民政府\n{day}"


@pytest.mark.parametrize(
    ("written", "whole", "odd"),
    [
        ("某府发〔2022〕3号", "某府发〔2022〕3号", ()),
        ("某府发[2022]3号", "某府发〔2022〕3号", ("number_brackets",)),
        ("某府发（2022）3 号", "某府发〔2022〕3号", ("number_brackets",)),
        ("某府发〔2022】3号", "某府发〔2022〕3号", ("number_brackets",)),
        ("某府发〔二〇二二〕三号", "某府发〔2022〕3号", ("chinese_numerals",)),
        ("某府发〔2022〕第3号", "某府发〔2022〕3号", ("number_says_no",)),
        ("某府发〔2022〕003号", "某府发〔2022〕3号", ("number_padded",)),
        ("某府发〔2022〕0号", None, ("number_impossible",)),
        ("某府发〔0202〕3号", None, ("number_impossible",)),
        ("某府发〔20222", None, ("number_damaged",)),
        ("某府发〔202220号", None, ("number_damaged",)),
        ("某府发2022〕3号", None, ("number_damaged",)),
        ("号", None, ("number_damaged",)),
        ("2026年第1号)", "2026年第1号", ("number_bracket_lost",)),
        ("〔2022〕第1期", "〔2022〕第1期", ()),
        ("督察通报第十七期", "督察通报第十七期", ("chinese_numerals",)),
        ("某某市人民政府令第98号", "某某市人民政府令第98号", ()),
    ],
)
def test_a_number_is_whole_or_none_and_what_is_odd_is_told(written: str, whole: str | None, odd: tuple[str]) -> None:
    found = numbered(written)
    assert found is not None
    assert (found.number.whole if found.number else None) == whole
    assert set(odd) <= set(found.odd)
    assert bool(found.odd) == bool(odd)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("二〇二二", 2022),
        ("二0二二", 2022),
        ("十", 10),
        ("十七", 17),
        ("二十", 20),
        ("一百二十三", 123),
        ("一百零三", 103),
    ],
)
def test_chinese_numerals_are_numbers(written: str, value: int) -> None:
    assert number(written) == value


def test_signs_that_make_no_number_are_none() -> None:
    assert [number(written) for written in ("十十", "百", "", "甲")] == [None, None, None, None]


def test_a_day_in_chinese_numerals_is_read_and_told() -> None:
    found = only(NOTICE.format(number="某府发〔2022〕3号", day="二〇二二年一月二十一日"))
    assert found.signed is not None
    assert found.signed.value == date(2022, 1, 21)
    assert ("chinese_numerals", "signed") in doubts(found)


@pytest.mark.parametrize("day", ["2022年2月30日", "2022年13月1日", "2022年118", "2022118"])
def test_a_day_that_is_none_is_null_and_told(day: str) -> None:
    found = only(NOTICE.format(number="某府发〔2022〕3号", day=day))
    assert found.signed is None
    assert {"date_impossible", "date_damaged"} & {code for code, _ in doubts(found)}


def test_two_sources_that_differ_are_told_and_the_text_stands() -> None:
    page = {"文号": "某府发〔2022〕4号", "成文日期": "2022-01-22", "发布机构": "另外区人民政府办公室"}
    found = only(NOTICE.format(number="某府发〔2022〕3号", day="2022年1月21日"), page)
    assert found.number is not None
    assert found.number.value.whole == "某府发〔2022〕3号"
    differ = {subject for code, subject in doubts(found) if code == "sources_differ"}
    assert differ == {"number", "signed", "issuers"}


def test_the_year_of_the_number_against_the_year_of_the_day() -> None:
    found = only(NOTICE.format(number="某府发〔2021〕3号", day="2022年1月21日"))
    assert ("year_differs", "number") in doubts(found)


def test_several_documents_in_one_are_told_and_each_is_read() -> None:
    one = NOTICE.format(number="某府发〔2022〕3号", day="2022年1月21日")
    two = NOTICE.format(number="某府发〔2022〕4号", day="2022年1月22日").replace("各部门", "各镇人民政府")
    found = import_text(one + "\n" + two)
    assert [each.number.value.seq if each.number else None for each in found] == [3, 4]
    assert [each.addressees[0].value for each in found] == ["各部门", "各镇人民政府"]
    assert all(("several_documents", "document") in doubts(each) for each in found)
    assert (one + "\n" + two)[found[1].start :].startswith("关于样稿的通知")


def test_urgency_signer_and_copies_are_read() -> None:
    text = (
        "特急\n某某县财政局文件\n某财〔2022〕7号          签发人：张某某\n关于拨付样稿经费的请示\n某某县人民政府：\n"
        "样稿。\n某某县财政局\n2022年3月1日\n抄送：县审计局，县委办公室。\n某某县财政局办公室          2022年3月2日印发"
    )
    found = only(text)
    assert found.kind is not None
    assert found.kind.value == "请示"
    assert (found.urgency and found.urgency.value, found.signer and found.signer.value) == ("特急", "张某某")
    assert [one.value for one in found.copy_to] == ["县审计局", "县委办公室"]
    assert found.printed is not None
    assert found.printed.value == date(2022, 3, 2)
    assert found.print_line is not None
    assert found.print_line.value.by == "某某县财政局办公室"


def test_a_reply_says_which_request_it_answers() -> None:
    found = only(
        "某某市人民政府关于样稿的批复\n某函〔2022〕1号\n某某县人民政府：\n你县《关于样稿的请示》（某府〔2021〕54号）收悉。\n"
    )
    [reference] = found.references
    assert (reference.value.whole, reference.value.title) == ("某府〔2021〕54号", "关于样稿的请示")
    assert reference.value.relation == "answers"


# -- state secrets ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年\n某某文件",
        "000001\n机 密 ★ 长期\n特急\n某某文件",
        "秘密\n关于样稿的通知",
        "样稿\n绝密 特急\n关于样稿的通知",
        "关于样稿的通知\n" + "样稿。\n" * 400 + "秘密★",
        "第一页\n\f机密\n第二件的标题",
        "密级：秘密\n关于样稿的通知",
        "【机密】\n样稿",
    ],
)
def test_a_document_marked_as_a_secret_is_turned_away(text: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_secrets(text)
    assert [one.code for one in refused.value.reasons] == ["state_secret_refused"]
    assert all(not one.params and not one.cites for one in refused.value.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "关于保守国家秘密的通知\n各部门：\n严守国家秘密、工作秘密，机密不得外传。",
        "某某局\n商业秘密\n保护办法",
        "关于样稿的通知\n" + "样稿。\n" * 40 + "秘密",
    ],
)
def test_the_mere_word_is_nothing(text: str) -> None:
    refuse_secrets(text)


def test_the_grade_on_a_form_counts_too() -> None:
    with pytest.raises(Refused, match="state_secret_refused"):
        refuse_secrets("样稿", {"密 级": "机密"})
    refuse_secrets("样稿", {"密级": "无"})
