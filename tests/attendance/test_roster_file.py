"""A roster as a file: read with the place of every mistake, written so that it can be read again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_svc.api.roster import problems_of
from attendance_svc.roster_file.columns import COLUMNS
from attendance_svc.roster_file.read import Taken, taken
from attendance_svc.roster_file.write import written
from chancery.events.attendance import AppointmentMade, PersonRegistered
from chancery.office import csv, xlsx
from chancery.office.table import Table
from tests.hongkou import at, roster, rules

NOW = at("2022-03-01")
HONGKOU = rules(NOW)


def read(rows: list[dict[str, Any]]) -> Taken:
    return taken(csv.read(csv.write(Table("x", COLUMNS, rows)), COLUMNS), HONGKOU)


def placed(rows: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    found = read(rows)
    whole = [*found.problems, *(found.placed(one) for one in problems_of(found.form, HONGKOU))]
    return [(one.code, one.subject) for one in whole]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_is_read_again_and_says_nothing_new(kind: str) -> None:
    table = written(roster(), NOW, "名册")
    content = csv.write(table) if kind == "csv" else xlsx.write(table, made_at=NOW)
    found = taken((csv if kind == "csv" else xlsx).read(content, COLUMNS), HONGKOU)
    assert found.problems == ()
    assert problems_of(found.form, HONGKOU) == []
    people = roster()
    held = {(a.person, a.post, a.unit, a.starts_on, a.until) for a in people.appointments}
    assert {(s.person, s.post, s.unit, s.from_, s.until) for s in found.form.appointments} == held
    assert {p: dict(one)["name"] for p, one in found.form.persons.items()} == dict(people.persons)
    told = {(p.person, frozenset(p.units), frozenset(p.subjects)) for p in found.form.portfolios}
    assert told == {
        (person, now.units, now.subjects) for person in people.portfolios if (now := people.portfolio(person, NOW))
    }
    pairs = {(p.assistant, p.principal) for p in found.form.pairings}
    assert pairs == {(p.assistant, p.principal) for p in people.pairings}


def test_every_mistake_is_told_with_its_cell() -> None:
    rows: list[dict[str, Any]] = [
        {
            "what": "任职",
            "id": "new_one",
            "name": "新人",
            "post": "unit_clerk",
            "unit": "justice_bureau",
            "from": "2022-03-01",
        },
        {"what": "调动", "id": "new_one"},
        {"what": "任职", "id": "new_one", "post": "king", "from": "2022-03-01"},
        {"what": "post", "id": "stranger", "post": "unit_clerk", "unit": "nowhere", "from": "2022-03-01"},
        {"what": "任职", "id": "new_one", "post": "mayor", "from": "2022-03-01"},
        {"what": "任职", "id": "new_one", "post": "unit_clerk", "from": "2022-03-09", "until": "2022-03-08"},
        {"what": "分工", "id": "new_one", "units": "justice_bureau、nowhere", "from": "2022-03-01"},
        {"what": "对口", "id": "new_one", "principal": "stranger", "from": "2022-03-01"},
        {"what": "单位", "id": "new_office", "name": "新办公室"},
        {"what": "任职", "id": "new_one", "post": "unit_clerk"},
    ]
    assert sorted(placed(rows), key=lambda one: int((one[1] or "0")[1:])) == [
        ("row_of_no_kind", "A3"),
        ("unknown_post", "G4"),
        ("unknown_person", "B5"),
        ("unknown_unit", "H5"),
        ("seat_taken", "G6"),
        ("ends_before_it_starts", "M7"),
        ("unknown_unit", "I8"),
        ("unknown_person", "K9"),
        ("row_lacks_a_cell", "E10"),
        ("row_lacks_a_cell", "L11"),
    ]


def test_a_cell_that_is_no_day_and_an_id_that_is_none_are_told_with_their_cells() -> None:
    bad_day = {"what": "任职", "id": "a", "post": "mayor", "from": "someday"}
    assert ("cell_not_day", "L2") in placed([bad_day])
    bad_id = {"what": "任职", "id": "张 三", "name": "张三", "post": "unit_clerk", "from": "2022-03-01"}
    assert ("cell_not_an_id", "B2") in placed([bad_id])


def test_posts_and_units_may_be_called_by_their_titles() -> None:
    """Also a unit that the same file registers."""
    found = read(
        [
            {"what": "单位", "id": "new_bureau", "name": "新局", "kind": "department"},
            {"what": "任职", "id": "one", "name": "甲", "post": HONGKOU.titled("mayor"), "from": "2030-01-01"},
            {"what": "任职", "id": "one", "post": "unit_clerk", "unit": "新局", "from": "2022-03-01"},
        ]
    )
    assert found.problems == ()
    assert [(seat.post, seat.unit) for seat in found.form.appointments] == [
        ("mayor", None),
        ("unit_clerk", "new_bureau"),
    ]
    assert found.form.units[0].name_en == "新局"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("甲乙丙丁=+-@' 　A"), min_size=1, max_size=8).filter(
                lambda said: said.strip() == said
            ),
            st.dates(date(2000, 1, 1), date(2022, 3, 1)),
        ),
        max_size=12,
    )
)
def test_any_names_and_days_come_back_from_both_kinds_of_file(people: list[tuple[str, Any]]) -> None:
    told = roster()
    for number, (name, day) in enumerate(people):
        told = told.after(PersonRegistered(person_id=f"p{number}", name=name))
        told = told.after(
            AppointmentMade(person_id=f"p{number}", post="unit_clerk", unit="justice_bureau", starts_on=day)
        )
    table = written(told, NOW, "名册")
    for found in (csv.read(csv.write(table), COLUMNS), xlsx.read(xlsx.write(table, made_at=NOW), COLUMNS)):
        form = taken(found, rules(NOW, told)).form
        for number, (name, day) in enumerate(people):
            assert form.persons[f"p{number}"].name == name
            assert [s.from_ for s in form.appointments if s.person == f"p{number}"] == [day]
