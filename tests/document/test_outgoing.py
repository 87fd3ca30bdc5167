"""What goes out, decided: numbers set aside and void, annexes, how long a text is, how a title is broken, forms."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chancery.events.document import NumberAssigned
from chancery.events.outgoing import AnnexAttached, AnnexRemoved, DocumentNumberGivenUp, NumberCancelled, NumberReserved
from chancery.events.parts import PaperRef
from chancery.office.paper import LetterMark, Line, Mark, Signed
from document_svc.document.annexes import AttachAnnex, RemoveAnnex, attach_annex, remove_annex
from document_svc.document.carry_number import CarryNumber, carry_number
from document_svc.document.give_number_up import GiveNumberUp, give_number_up
from document_svc.document.state import DOCUMENT, Document, evolve
from document_svc.document.volume import LINES, measured
from document_svc.printed.red_head import Printed, broken, red_head, without_title
from document_svc.register.assign import AssignNumber, assign
from document_svc.register.cancel import CancelGivenUp, CancelNumber, cancel, cancel_given_up
from document_svc.register.number_form import NumberForm, number_form
from document_svc.register.reserve import ReserveNumber, reserve
from document_svc.register.state import REGISTER
from tests.document.examples import numbered, ordered, signed
from tests.hongkou import CLERK, JUSTICE_HEAD, MAYOR, an_id, at, rules
from tests.scenario import scenario

HONGKOU = rules(at("2022-01-21"))
FORM = number_form(HONGKOU, "district_government")
WHOLE: dict[str, Any] = {"series": "虹府发〔2022〕", "code": "虹府发", "year": 2022}


def reserved(seq: int) -> NumberReserved:
    number = f"虹府发〔2022〕{seq}号"
    return NumberReserved(**WHOLE, seq=seq, number=number, reason="联合发文", reserved_by=CLERK)


def given(seq: int, document: int, *, set_aside: bool = False) -> NumberAssigned:
    number = f"虹府发〔2022〕{seq}号"
    return NumberAssigned(**WHOLE, seq=seq, number=number, document_id=an_id(document), reserved=set_aside)


def void(seq: int, *, document: int | None = None, reason: str = "不用了") -> NumberCancelled:
    return NumberCancelled(
        **WHOLE,
        seq=seq,
        number=f"虹府发〔2022〕{seq}号",
        document_id=an_id(document) if document else None,
        reason=reason,
        cancelled_by=CLERK,
    )


def test_a_number_set_aside_is_given_to_whoever_names_it_and_the_next_runs_on() -> None:
    register = scenario(REGISTER, HONGKOU)
    register.when(reserve, ReserveNumber(CLERK, FORM, 2022, "联合发文")).then(reserved(1))
    register.when(reserve, ReserveNumber(MAYOR, FORM, 2022, "联合发文")).forbidden("not_the_office")
    held = register.given(reserved(1))
    held.when(assign, AssignNumber(FORM, 2022, an_id(1))).then(given(2, 1))
    held.when(assign, AssignNumber(FORM, 2022, an_id(1), seq=1)).then(given(1, 1, set_aside=True))
    held.when(assign, AssignNumber(FORM, 2022, an_id(1), seq=2)).refused("number_not_reserved")
    after = register.given(reserved(1), given(1, 1, set_aside=True))
    after.when(assign, AssignNumber(FORM, 2022, an_id(2))).then(given(2, 2))
    after.when(assign, AssignNumber(FORM, 2022, an_id(2), seq=1)).refused("number_not_reserved")


def test_a_void_number_is_given_to_nobody() -> None:
    register = scenario(REGISTER, HONGKOU).given(reserved(1))
    register.when(cancel, CancelNumber(CLERK, 1, "不用了")).then(void(1))
    register.when(cancel, CancelNumber(CLERK, 2, "不用了")).refused("number_not_set_aside")
    gone = register.given(reserved(1), void(1))
    gone.when(cancel, CancelNumber(CLERK, 1, "不用了")).refused("number_void_already")
    gone.when(assign, AssignNumber(FORM, 2022, an_id(1), seq=1)).refused("number_not_reserved")
    gone.when(assign, AssignNumber(FORM, 2022, an_id(1))).then(given(2, 1))
    taken = scenario(REGISTER, HONGKOU).given(given(1, 1))
    taken.when(cancel, CancelNumber(CLERK, 1, "不用了")).refused("number_given")


def given_up() -> DocumentNumberGivenUp:
    return DocumentNumberGivenUp(
        document_id=an_id(5),
        register_id=an_id(6),
        number="虹府发〔2022〕3号",
        code="虹府发",
        year=2022,
        seq=3,
        reason="并入另一件",
        given_up_by=CLERK,
    )


def test_what_a_document_gives_up_is_void_once_and_the_document_is_numbered_anew() -> None:
    register = scenario(REGISTER, HONGKOU).given(given(3, 5))
    register.when(cancel_given_up, CancelGivenUp(given_up())).then(void(3, document=5, reason="并入另一件"))
    register.given(given(3, 5), void(3, document=5)).when(cancel_given_up, CancelGivenUp(given_up())).quiet()
    register.given(given(3, 5), void(3, document=5)).when(assign, AssignNumber(FORM, 2022, an_id(5))).then(given(4, 5))


def test_a_number_given_up_never_comes_back_to_its_document() -> None:
    document = scenario(DOCUMENT, HONGKOU).given(ordered(), signed(), numbered())
    give = GiveNumberUp(CLERK, "并入另一件", an_id(6))
    [told] = document.when(give_number_up, give).events
    assert isinstance(told, DocumentNumberGivenUp)
    late = NumberAssigned(**WHOLE, seq=told.seq, number=told.number, document_id=told.document_id)
    scenario(DOCUMENT, HONGKOU).given(ordered(), signed(), numbered(), told).when(
        carry_number, CarryNumber(late)
    ).quiet()


def test_one_without_a_year_counts_on_from_year_to_year() -> None:
    order = NumberForm("district_government", "某某区人民政府令", "第{seq}号")
    assert (order.number(2022, 7), order.register_key(2022), order.register_key(2023)) == (
        "第7号",
        "某某区人民政府令/on",
        "某某区人民政府令/on",
    )
    assert FORM.register_key(2022) != FORM.register_key(2023)


def test_annexes_are_counted_on_and_move_up() -> None:
    paper = PaperRef(kind="annex", name="表.pdf", sha256="a" * 64, size=1, media_type="application/pdf")
    document = scenario(DOCUMENT, HONGKOU).given(ordered())
    attached = AnnexAttached(document_id=an_id(5), no=1, paper=paper, attached_by=JUSTICE_HEAD)
    [told] = document.when(attach_annex, AttachAnnex(JUSTICE_HEAD, 1, paper, kept=True)).events
    assert isinstance(told, AnnexAttached)
    document.when(attach_annex, AttachAnnex(JUSTICE_HEAD, 2, paper, kept=False)).refused(
        "annex_left_out", "file_missing"
    )
    document.when(remove_annex, RemoveAnnex(JUSTICE_HEAD, 1)).refused("no_such_annex")
    state = Document(an_id(5))
    for event in (attached, attached.model_copy(update={"no": 2, "paper": paper.model_copy(update={"name": "二"})})):
        state = evolve(state, event)
    state = evolve(state, AnnexRemoved(document_id=an_id(5), no=1, removed_by=JUSTICE_HEAD))
    assert [one.name for one in state.annexes] == ["二"]


def test_how_long_a_text_is() -> None:
    assert measured(None).pages is None
    assert measured("字").pages == 1
    assert measured("字" * 26 * (LINES - 9)).pages == 1
    assert measured("\n".join(["字" * 26] * (LINES - 9 + 1))).pages == 2
    assert (measured("一 二\n三", 7).pages, measured("一 二\n三", 7).characters) == (7, 3)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于开展档案整理工作的通知", ["关于开展档案整理工作的通知"]),
        (
            "某某区人民政府关于进一步加强和改进农村人居环境整治工作的实施意见",
            ["某某区人民政府关于进一步加强和", "改进农村人居环境整治工作的实施意见"],
        ),
    ],
)
def test_a_long_title_is_broken_after_a_word(title: str, lines: list[str]) -> None:
    assert broken(title) == lines


def test_a_title_said_again_at_the_top_is_left_out() -> None:
    assert without_title(["关于某事", "的通知", "各部门："], "关于某事的通知") == ["各部门："]
    assert without_title(["各部门："], "关于某事的通知") == ["各部门："]


def test_the_form_follows_from_the_direction_and_what_is_asked_for() -> None:
    up = ordered().model_copy(update={"direction": "upward", "urgency": "urgent"})
    document = replace(Document(an_id(5)), draft=up)
    printed = Printed(document, up, HONGKOU, "上海市虹口区人民政府", "一、要求\n请抓好落实。")
    mark = red_head(printed).blocks[0]
    assert isinstance(mark, Mark)
    assert (mark.text, mark.left, mark.signers) == ("上海市虹口区人民政府文件", "加急", ("　　　",))
    letter = red_head(replace(printed, form="letter"))
    assert any(isinstance(block, LetterMark) for block in letter.blocks)
    order = red_head(replace(printed, form="order")).blocks
    assert isinstance(order[0], Mark)
    assert (order[0].text, order[0].ruled, order[0].down) == ("上海市虹口区人民政府令", False, 20)
    assert [block.sealed for block in order if isinstance(block, Signed)] == [False]
    heading = next(
        block for block in letter.blocks if isinstance(block, Line) and block.runs[0].face == "hei" and block.indent
    )
    assert heading.runs[0].text == "一、要求"
    assert red_head(printed).made_on == date(2022, 1, 21)
