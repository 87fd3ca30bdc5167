"""Number registers: no gap, no reuse, and a year that began before the system came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.events.document import NumberAssigned, RegisterOpened
from chancery.refusal import Refused
from document_svc.register.assign import AssignNumber, assign
from document_svc.register.number_form import NumberForm, number_form
from document_svc.register.open_register import OpenRegister, open_register
from document_svc.register.state import REGISTER
from tests.hongkou import CLERK, MAYOR, an_id, at, rules
from tests.scenario import scenario

HONGKOU = rules(at("2022-01-21"))
FORM = number_form(HONGKOU, "district_government")


def given_number(seq: int, document: int) -> NumberAssigned:
    return NumberAssigned(
        series="虹府发〔2022〕",
        code="虹府发",
        year=2022,
        seq=seq,
        number=f"虹府发〔2022〕{seq}号",
        document_id=an_id(document),
    )


def test_the_number_is_written_as_the_pack_writes_it() -> None:
    assert NumberForm("district_government", "虹府发", "{code}〔{year}〕{seq}号") == FORM
    assert FORM.number(2022, 3) == "虹府发〔2022〕3号"


def test_a_name_without_a_number_form_gets_none() -> None:
    with pytest.raises(Refused, match="no_number_form"):
        number_form(HONGKOU, "department")


def test_numbers_run_on_and_a_document_keeps_its_own() -> None:
    register = scenario(REGISTER, HONGKOU)
    register.when(assign, AssignNumber(FORM, 2022, an_id(1))).then(given_number(1, 1))
    register.given(given_number(1, 1)).when(assign, AssignNumber(FORM, 2022, an_id(1))).quiet()
    register.given(given_number(1, 1)).when(assign, AssignNumber(FORM, 2022, an_id(2))).then(given_number(2, 2))


def test_a_year_begins_at_three_where_two_numbers_were_used_before() -> None:
    began = RegisterOpened(
        series="虹府发〔2022〕", code="虹府发", year=2022, in_name_of="district_government", next_seq=3, opened_by=CLERK
    )
    register = scenario(REGISTER, HONGKOU)
    register.when(open_register, OpenRegister(CLERK, FORM, 2022, 3)).then(began)
    register.given(began).when(assign, AssignNumber(FORM, 2022, an_id(1))).then(given_number(3, 1))
    register.given(began).when(open_register, OpenRegister(CLERK, FORM, 2022, 9)).refused("register_opened_already")
    register.given(given_number(1, 1)).when(open_register, OpenRegister(CLERK, FORM, 2022, 9)).refused(
        "register_opened_already"
    )
    register.when(open_register, OpenRegister(MAYOR, FORM, 2022, 3)).forbidden("not_the_office")


@given(st.lists(st.integers(min_value=1, max_value=8), max_size=40), st.integers(min_value=1, max_value=50))
@settings(max_examples=60, deadline=None)
def test_however_documents_come_numbers_have_no_gap_and_no_number_comes_twice(asked: list[int], first: int) -> None:
    state = REGISTER.start(an_id(99))
    if first > 1:
        began = RegisterOpened(
            series="虹府发〔2022〕",
            code="虹府发",
            year=2022,
            in_name_of="district_government",
            next_seq=first,
            opened_by=CLERK,
        )
        state = REGISTER.evolve(state, began)
    for document in asked:
        for told in assign(AssignNumber(FORM, 2022, an_id(document)), state, HONGKOU):
            state = REGISTER.evolve(state, told.event)
    numbers = sorted(one.seq for one in state.given.values())
    assert numbers == list(range(first, first + len(set(asked))))
