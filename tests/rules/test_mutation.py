"""Each row of a pack is taken away and altered in each place; what no scenario notices is told."""

from collections.abc import Mapping
from pathlib import Path

from chancery.rehearsal.scenario import Loaded, Scenario
from chancery.rules.mutation import STRANGER, mutants, survey, survivors
from chancery.rules.pack import Pack
from tests.rules.small import made

GATES = """
    - id: purse-asked
      clauses: [MP-1-1, MP-2-1]
      force: in_principle
      excused_by: {post: head}
      when: {stage: [agenda, decision], features: {has_any: [costly]}, money: {min: 100}, major: true}
      unless: [{exception: [urgent, secret], needs: reason}]
      require: [{evidence: purse_opinion, n: 2, by: {unit: purse}, deemed_counts: false}]
      on_missing: return
    """
FULL = {
    "force": "in_principle",
    "excused_by": {"post": "head"},
    "unless": [{"exception": ["urgent", "secret"], "needs": "reason"}],
    "require": [{"evidence": ["purse_opinion"], "n": 2, "by": {"unit": "purse"}, "deemed_counts": False}],
    "on_missing": "return",
}
CASE = {"stage": "agenda", "features": ["costly"], "money": 100, "major": True}


def altered(pack: Pack, table: str = "gates") -> list[str]:
    return [mutant.what for mutant in mutants(pack) if mutant.table == table and mutant.sort == "alteration"]


def scenario(*steps: dict[str, object]) -> list[Loaded]:
    written = {"scenario": "one", "pack": "millpond-2024", "clock": "2024-03-01T09:00:00+08:00", "steps": steps}
    return [Loaded(Path("one.yaml"), Scenario.model_validate(written))]


def asked(given: Mapping[str, object], *outcome: object, **each: object) -> dict[str, object]:
    rows = ["purse-asked"] * len(outcome)
    told = {"rows": rows, "outcome": list(outcome), "clauses": ["MP-1-1", "MP-2-1"] if outcome else []}
    return {"ask": "gates", "given": given, "each": each, "ruling": told}


def test_each_place_of_a_row_is_altered_once(tmp_path: Path) -> None:
    assert altered(made(tmp_path, gates=GATES)) == [
        "clauses: without MP-1-1",
        "clauses: without MP-2-1",
        "force: in_principle → normally",
        "when.stage: gone",
        "when.stage: ['agenda', 'decision'] → ['change']",
        "when.stage: ['agenda', 'decision'] → ['decision']",
        "when.stage: ['agenda', 'decision'] → ['agenda']",
        "when.features: gone",
        "when.features: {'has_any': ['costly']} → {'has_any': ['quiet']}",
        "when.money: gone",
        "when.money: {'min': 100} → {'min': 99}",
        "when.money: {'min': 100} → {'min': 101}",
        "when.major: gone",
        "when.major: True → False",
        "excused_by: gone",
        "excused_by.post: head → deputy",
        "unless: gone",
        "unless.0.exception.0: without urgent",
        f"unless.0.exception.0: urgent → {STRANGER}",
        "unless.0.exception.1: without secret",
        f"unless.0.exception.1: secret → {STRANGER}",
        "unless.0.needs: gone",
        f"unless.0.needs: reason → {STRANGER}",
        "require.0.evidence.0: without purse_opinion",
        "require.0.evidence.0: purse_opinion → hearing",
        "require.0.n: gone",
        "require.0.n: 2 → 3",
        "require.0.by: gone",
        "require.0.by.unit: purse → upstream",
        "require.0.deemed_counts: gone",
        "on_missing: gone",
        "on_missing: return → cannot_pass",
    ]


def test_scenarios_that_tell_each_place_notice_each_alteration(tmp_path: Path) -> None:
    told = scenario(
        asked({k: v for k, v in CASE.items() if k != "stage"}, FULL, stage=["agenda", "decision"]),
        asked({**CASE, "stage": "issue"}),
        asked({**CASE, "features": ["wide"]}),
        asked({**CASE, "money": 99}),
        asked({**CASE, "major": False}),
        asked({k: v for k, v in CASE.items() if k != "money"}),
    )
    pack = made(tmp_path, gates=GATES)
    left = [str(mutant) for mutant in survivors(pack, told) if mutant.table == "gates"]
    assert left == []


def test_a_scenario_that_tells_only_the_row_lets_its_values_be_altered(tmp_path: Path) -> None:
    found = survey(made(tmp_path, gates=GATES), scenario(asked(CASE, {})))
    told = [mutant for mutant in found.survivors if mutant.table == "gates"]
    assert "gates/purse-asked: require.0.n: 2 → 3" in map(str, told)
    assert all(mutant.sort == "alteration" for mutant in told)
    assert [str(mutant) for mutant in found.left("deletion")] == ["bodies/council: taken away"]
    assert found.share("deletion") == 0.5
    assert 0 < found.share("alteration") < 1


def test_a_step_that_is_wrong_of_the_pack_itself_notices_nothing(tmp_path: Path) -> None:
    pack = made(tmp_path, gates=GATES)
    wrong = scenario(asked(CASE, {"on_missing": "refuse"}))
    assert len(survivors(pack, wrong)) == len(list(mutants(pack)))


SIGN = "route: [{do: sign, by: {post: head}}]"
ROUTES = f"""
    - {{id: dear, clauses: [MP-1-1], when: {{features: {{has_any: [costly]}}}}, {SIGN}}}
    - {{id: wide, clauses: [MP-1-1], when: {{features: {{has_any: [wide]}}}}, {SIGN}}}
    - {{id: plans, clauses: [MP-1-1], when: {{kind: [plan], features: {{has_none: [wide]}}}}, {SIGN}}}
    - {{id: notices, clauses: [MP-1-1], when: {{kind: [notice], portfolios: {{max: 1}}}}, {SIGN}}}
    - {{id: shared, clauses: [MP-1-1], when: {{kind: [notice], portfolios: {{min: 2}}}}, {SIGN}}}
    """


def test_a_row_goes_above_the_one_before_it_where_both_can_match(tmp_path: Path) -> None:
    """The second pair tells apart by a feature, the third by kind, the fourth by number: their order says nothing."""
    pack = made(tmp_path, signing=ROUTES)
    assert [what for what in altered(pack, "signing") if what.startswith("order")] == ["order: above dear"]
    [swapped] = [mutant for mutant in mutants(pack) if mutant.what.startswith("order")]
    assert [row.id for row in swapped.pack.tables["signing"]] == ["wide", "dear", "plans", "notices", "shared"]
    both: dict[str, object] = {
        "ask": "signing",
        "given": {"features": ["costly", "wide"]},
        "ruling": {"rows": ["dear"]},
    }
    assert swapped.what not in [m.what for m in survivors(pack, scenario(both)) if m.table == "signing"]
    one: dict[str, object] = {"ask": "signing", "given": {"features": ["costly"]}, "ruling": {"rows": ["dear"]}}
    assert swapped.what in [m.what for m in survivors(pack, scenario(one)) if m.table == "signing"]


def test_where_all_rows_answer_their_order_is_nobody_s(tmp_path: Path) -> None:
    two = GATES + GATES.replace("purse-asked", "purse-asked-again")
    assert not [what for what in altered(made(tmp_path, gates=two)) if what.startswith("order")]
