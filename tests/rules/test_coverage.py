"""Duty by duty: which rows, which scenarios, what came out; what is wrong, missing or not proven shows."""

from pathlib import Path
from textwrap import dedent

import pytest

import chancery
from chancery.pages import percent
from chancery.rules.coverage import DUTIES, Numbers, PackCovered, cover, together
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.proving import prove, scenarios_of
from chancery.rules.wording import Said
from tests.rules.small import FILES, made, write

PACKS = Path(chancery.__file__).parent / "packs"
SIGNING = "- {id: plans, clauses: [MP-1-1], when: {kind: [plan]}, route: [{do: sign, by: {post: head}}]}"
TOLD = """
    scenario: 谁签 Who signs
    pack: millpond-2024
    clauses: [MP-1-1]
    clock: 2024-03-01T09:00:00+08:00
    steps:
    - ask: signing
      given: {kind: plan}
      ruling: {rows: [plans], clauses: [MP-1-1], outcome: [{route: [{do: sign, by: {post: head}}]}]}
    - ask: signing
      given: {kind: notice}
      ruling: {regulated: false}
    """


def covered(folder: Path, scenario: str | None = TOLD, **files: str) -> PackCovered:
    """The small pack with a signing row, and a scenario."""
    bodies = FILES["bodies"].replace("MP-1-1", "MP-3-1")
    pack = made(folder, **{"signing": SIGNING, "bodies": bodies, **files})
    if scenario is not None:
        write(folder / "millpond-2024" / "scenarios", {"one": scenario})
    scenarios, problems = scenarios_of(folder / "millpond-2024")
    assert problems == ()
    return cover(pack, scenarios, altering=True)


def state(found: PackCovered, clause: str) -> str:
    return next(duty.state for duty in found.duties if duty.clause.id == clause)


def test_a_duty_with_a_row_and_a_scenario_that_comes_out_is_proven(tmp_path: Path) -> None:
    found = covered(tmp_path)
    [duty] = [duty for duty in found.duties if duty.clause.id == "MP-1-1"]
    assert (duty.state, duty.rows, [one.file for one in duty.shown]) == ("proven", ("signing/plans",), ["one.yaml"])
    assert state(found, "MP-2-1") == "uncited"
    numbers = found.numbers
    assert (numbers.duties, numbers.carried, numbers.uncited, numbers.proven, numbers.askings) == (2, 1, 1, 1, 2)
    assert (numbers.cared_for, numbers.share_proven) == (1, 0.5)


def test_an_answer_that_is_otherwise_makes_its_duties_fail_and_says_where(tmp_path: Path) -> None:
    found = covered(tmp_path, signing=SIGNING.replace("post: head", "post: deputy"))
    assert state(found, "MP-1-1") == "failing"
    [failure] = found.failures
    assert (failure.file, failure.step, failure.table) == ("one.yaml", 1, "signing")
    assert "deputy" in failure.lacks[0]


def test_a_row_that_is_gone_fails_the_duty_that_the_scenario_names(tmp_path: Path) -> None:
    """The answer cites nothing any more; the scenario still says which clause it wants."""
    elsewhere = "- {id: others, clauses: [MP-1-1], when: {kind: [notice]}, route: [{do: sign, by: {post: head}}]}"
    found = covered(tmp_path, signing=elsewhere)
    assert state(found, "MP-1-1") == "failing"
    assert len(found.failures) == 2


def test_a_row_without_a_scenario_is_not_proven(tmp_path: Path) -> None:
    found = covered(tmp_path, scenario=None)
    assert state(found, "MP-1-1") == "unproven"
    assert (found.numbers.scenarios, found.numbers.askings, found.altered) == (0, 0, 0.0)


def test_facts_that_cannot_be_asked_with_are_a_failure_and_no_error(tmp_path: Path) -> None:
    found = covered(tmp_path, scenario=TOLD.replace("kind: notice", "kind: pamphlet"))
    [failure] = found.failures
    assert "does not know the word 'pamphlet'" in failure.lacks[0]


def test_what_is_given_up_has_its_reason_and_what_the_head_keeps_counts(tmp_path: Path) -> None:
    head = (
        dedent(FILES["pack"])
        + "clauses: [MP-2-1]\nnot_modelled: [{clause: MP-1-1, why: {zh: 属于判断。, en: A judgement.}}]\n"
    )
    found = covered(tmp_path, pack=head, scenario=None, signing="[]")
    assert (state(found, "MP-1-1"), state(found, "MP-2-1")) == ("given_up", "of_the_head")
    [duty] = [duty for duty in found.duties if duty.why]
    assert duty.why == Said(zh="属于判断。", en="A judgement.")
    assert (found.numbers.cared_for, found.numbers.share_proven) == (2, 1.0)


def test_a_scenario_through_the_services_is_named_and_not_taken_here(tmp_path: Path) -> None:
    steps = dedent(TOLD).split("steps:")[0] + "steps:\n- {do: meeting.open_matter, with: {title: x}}\n"
    found = covered(tmp_path, scenario=steps)
    [duty] = [duty for duty in found.duties if duty.clause.id == "MP-1-1"]
    assert (duty.state, [one.passed for one in duty.shown]) == ("rehearsed", [None])
    assert (found.numbers.rehearsed, found.numbers.proven) == (1, 0)


def test_an_asking_that_speaks_of_what_a_service_answered_is_left_to_the_rehearsal(tmp_path: Path) -> None:
    found = covered(tmp_path, scenario=TOLD.replace("kind: plan", "kind: $matter.kind"))
    assert found.numbers.askings == 1


def test_packs_add_up(tmp_path: Path) -> None:
    one, other = covered(tmp_path / "1"), covered(tmp_path / "2", scenario=None)
    both = together([one, other]).numbers
    assert both == one.numbers + other.numbers
    assert (both.duties, both.proven) == (4, 1)
    assert together([]).numbers == Numbers()


@pytest.mark.parametrize("pack", load_folder(PACKS).values(), ids=lambda pack: pack.head.id)
def test_every_duty_of_every_pack_is_counted_once(pack: Pack) -> None:
    scenarios, problems = scenarios_of(PACKS / pack.head.id)
    assert problems == ()
    found = cover(pack, scenarios)
    asked = [clause.id for clause in pack.clauses.values() if clause.kind in DUTIES]
    assert [duty.clause.id for duty in found.duties] == asked
    assert sum(n for _, n in found.counts) == found.numbers.duties == len(asked)
    assert found.numbers.cared_for + found.numbers.uncited == found.numbers.duties
    assert len(prove(pack, scenarios)) == found.numbers.askings
    assert found.failures == ()


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1, "100 %"), (0.9999, "99.9 %"), (0.0001, "0.1 %"), (0, "0 %"), (0.5, "50 %"), (1 / 3, "33.3 %")],
)
def test_a_share_is_never_said_to_be_all_when_it_is_not(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_higher_law_is_counted_by_itself(tmp_path: Path) -> None:
    national = covered(tmp_path, pack=dedent(FILES["pack"]).replace("tier: district", "tier: national"))
    found = together([national, covered(tmp_path / "own")])
    assert (found.numbers.duties, found.higher.duties) == (2, 2)
