"""Which rules bind a government on a day, and that a shelf that does not load leaves the old one standing."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from chancery.envelope import PackRef
from chancery.refusal import Refused
from chancery.roster import Roster
from chancery.rules.loader import PackRefused
from chancery.rules.rulebook import MOST_TENANTS, NoRules, RulesGone, RuleShelf
from chancery.rules.tables import SIGNING
from tests.rules.small import FILES, NOW, told, write

OLD, NEW = date(2019, 5, 1), date(2024, 1, 1)
GOVERNMENTS = """
    governments:
    - id: millpond
      zh: 磨坊区
      en: Millpond
      adopted:
      - {pack: millpond-2019, from: 2019-03-01, until: 2023-12-31}
      - {pack: millpond-2024, from: 2024-01-01}
      - {pack: baseline-2000, from: 2000-01-01, beside: true}
    - {id: "try-millpond-*", zh: 演练, en: Rehearsal, adopted: [{pack: millpond-2024, from: 2000-01-01}]}
    """


def a_pack(folder: Path, id_: str, version: str = "1", place: str = "") -> None:
    head = FILES["pack"].replace("millpond-2024", id_).replace('version: "1"', f'version: "{version}"')
    write(folder / (place or id_), {**FILES, "pack": head})


def a_shelf(folder: Path, governments: str = GOVERNMENTS) -> tuple[Path, Path]:
    for id_ in ("millpond-2019", "millpond-2024", "baseline-2000"):
        a_pack(folder / "packs", id_)
    (folder / "governments.yaml").write_text(textwrap.dedent(governments), "utf-8")
    return folder / "packs", folder / "governments.yaml"


def wrong(folder: Path, governments: str) -> list[str]:
    with pytest.raises(PackRefused) as caught:
        RuleShelf.load(*a_shelf(folder, governments))
    return told(caught.value.problems)


def test_the_day_decides_which_rules_bind(tmp_path: Path) -> None:
    shelf = RuleShelf.load(*a_shelf(tmp_path))
    assert shelf.in_force("millpond", date(2023, 12, 31)).head.id == "millpond-2019"
    assert shelf.in_force("millpond", NEW).head.id == "millpond-2024"
    assert shelf.in_force("try-millpond-2024-x7", OLD).head.id == "millpond-2024"
    assert [pack.head.id for pack in shelf.beside("millpond", NEW)] == ["baseline-2000"]
    assert shelf.beside("try-millpond-1", NEW) == shelf.beside("nobody", NEW) == ()


@pytest.mark.parametrize(("tenant", "on"), [("millpond", date(2019, 2, 28)), ("nobody", NEW)])
def test_where_no_rules_are_in_force_that_is_said(tmp_path: Path, tenant: str, on: date) -> None:
    shelf = RuleShelf.load(*a_shelf(tmp_path))
    with pytest.raises(NoRules) as caught:
        shelf.in_force(tenant, on)
    assert isinstance(caught.value, Refused)
    assert caught.value.reasons[0].params == {"tenant": tenant, "on": on.isoformat()}


REISSUED = GOVERNMENTS.replace(
    "- {pack: millpond-2024, from: 2024-01-01}",
    "- {pack: millpond-2024@1, from: 2024-01-01, until: 2024-05-31}\n"
    "      - {pack: millpond-2024@10, from: 2024-06-01}",
).replace("[{pack: millpond-2024, from", "[{pack: millpond-2024@10, from")


def test_a_pack_reissued_beside_its_predecessor_is_adopted_from_a_day(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path, REISSUED)
    for version in ("9", "10"):
        a_pack(packs, "millpond-2024", version, f"millpond-2024-v{version}")
    shelf = RuleShelf.load(packs, governments)
    assert shelf.in_force("millpond", date(2024, 5, 31)).head.version == "1"
    assert shelf.in_force("millpond", date(2024, 6, 1)).head.version == "10"
    assert [pack.head.version for pack in shelf.adopted_by("millpond")] == ["1", "1", "10"]
    latest = shelf.named("millpond-2024")
    assert latest is not None
    assert latest.head.version == "10"


def test_a_case_keeps_the_version_it_began_under(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path, REISSUED)
    for version in ("2", "10"):
        a_pack(packs, "millpond-2024", version, f"millpond-2024-v{version}")
    shelf = RuleShelf.load(packs, governments)
    began = shelf.rules("millpond", Roster(), NOW, PackRef("millpond-2024", "2"))
    assert (began.pack.ref.version, shelf.rules("millpond", Roster(), NOW).pack.ref.version) == ("2", "1")


def test_which_of_two_versions_is_adopted_has_to_be_said(tmp_path: Path) -> None:
    """Otherwise putting a reissue beside its predecessor would change what bound yesterday."""
    packs, governments = a_shelf(tmp_path)
    a_pack(packs, "millpond-2024", "2", "millpond-2024-v2")
    with pytest.raises(PackRefused) as caught:
        RuleShelf.load(packs, governments)
    said = told(caught.value.problems)
    assert [line.partition(":")[2].partition(":")[0] for line in said] == ["8", "10"]
    assert said[0].endswith(
        "millpond adopts millpond-2024, which is here in 2 versions → "
        "say which from that day: millpond-2024@1, millpond-2024@2"
    )


def test_a_case_whose_rules_are_gone_is_judged_by_no_others_and_stays_readable(tmp_path: Path) -> None:
    shelf = RuleShelf.load(*a_shelf(tmp_path))
    gone = PackRef("millpond-2024", "0")
    with pytest.raises(RulesGone) as caught:
        shelf.rules("millpond", Roster(), NOW, gone)
    assert caught.value.kind == "away"
    assert caught.value.reasons[0].params == {"pack": "millpond-2024@0", "here": "millpond-2024@1"}
    read = shelf.rules("try-millpond-1", Roster(), NOW, gone, to_read=True)
    assert read.pack.ref == gone
    assert not read.ask(SIGNING, kind="plan").regulated
    assert (read.titled("plan"), read.pack.cite("MP-1-1").clause, read.body("council")) == ("plan", "MP-1-1", None)


def test_only_a_setting_that_changed_gives_the_shelf_another_name_for_counting(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path)
    first = RuleShelf.load(packs, governments).settings_digest
    write(packs / "millpond-2024", {"features": FILES["features"].replace("wide:", "broad:")})
    assert RuleShelf.load(packs, governments).settings_digest == first
    head = FILES["pack"].replace('closing_time: "17:30"', 'closing_time: "18:00"')
    write(packs / "millpond-2024", {"pack": head})
    assert RuleShelf.load(packs, governments).settings_digest != first


def test_two_packs_in_force_on_one_day_are_a_load_error(tmp_path: Path) -> None:
    [line] = wrong(tmp_path, GOVERNMENTS.replace("until: 2023-12-31", "until: 2024-01-01"))
    assert line == (
        "governments.yaml:8: millpond: millpond-2019 and millpond-2024 are both in force on 2024-01-01"
        " → give the earlier one an until"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "pack: millpond-2019",
            "pack: millpool-2019",
            "7: millpond adopts millpool-2019, which is not here → did you mean",
        ),
        (", until: 2023-12-31", "", "8: millpond: millpond-2019 and millpond-2024 are both in force on 2024-01-01"),
        (
            "until: 2023-12-31",
            "until: 2018-01-01",
            "7: adopted.0: it ends on 2018-01-01, before it begins on 2019-03-01",
        ),
        ("from: 2019-03-01", "since: 2019-03-01", "7: adopted.0.since: Extra inputs"),
        ("from: 2019-03-01", "from: 2019-02-30", "7: 2019-02-30 is no day of the calendar"),
        ("zh: 磨坊区", "", "3: zh: Field required"),
        ('"try-millpond-*"', "millpond", "10: millpond stands twice"),
        ("governments:", "govenments:", "1: there are no governments here"),
        ("governments:", "governments: [", "this is not YAML"),
        ("from: 2019-03-01", "from: !!python/name:os.system", "is refused"),
    ],
)
def test_what_is_wrong_with_governments_is_told_by_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    lines = wrong(tmp_path, GOVERNMENTS.replace(before, after, 1))
    assert any(said in line for line in lines), lines


def test_a_missing_file_of_governments_is_a_sentence(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path)
    governments.unlink()
    with pytest.raises(PackRefused, match="the file cannot be read: No such file"):
        RuleShelf.load(packs, governments)


def test_packs_and_governments_are_told_together(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path, GOVERNMENTS.replace("until: 2023-12-31", "until: 2024-06-01"))
    write(packs / "millpond-2024", {"spells": "1"})
    with pytest.raises(PackRefused) as caught:
        RuleShelf.load(packs, governments)
    said = told(caught.value.problems)
    assert len(said) == 2
    assert "there is no table spells" in said[0]
    assert "are both in force" in said[1]


def test_what_does_not_load_leaves_the_old_shelf_in_force(tmp_path: Path) -> None:
    packs, governments = a_shelf(tmp_path)
    shelf = RuleShelf.load(packs, governments)
    write(packs / "millpond-2024", {"signing": "- {id: bad}"})
    same, problems = shelf.again(packs, governments)
    assert same is shelf
    assert "millpond-2024/signing.yaml:1: the row has no clauses" in "\n".join(told(problems))
    rows = "- {id: good, clauses: [MP-1-1], when: {}, route: [{do: sign, by: {post: head}}]}"
    write(packs / "millpond-2024", {"signing": rows})
    new, problems = shelf.again(packs, governments)
    assert problems == ()
    assert new is not shelf
    assert len(new.in_force("millpond", NEW).tables["signing"]) == 1
    assert "signing" not in shelf.in_force("millpond", NEW).tables


def test_a_tenants_own_entry_goes_before_a_pattern_and_names_nobody_knows_are_not_kept_for_ever(tmp_path: Path) -> None:
    governments = """
        governments:
        - {id: "mill*", zh: 甲, en: A, adopted: [{pack: millpond-2019, from: 2000-01-01}]}
        - {id: millpond, zh: 乙, en: B, adopted: [{pack: millpond-2024, from: 2000-01-01}]}
        - {id: "millp*", zh: 丙, en: C, adopted: [{pack: baseline-2000, from: 2000-01-01}]}
        """
    shelf = RuleShelf.load(*a_shelf(tmp_path, governments))
    for _ in range(2):
        assert shelf.in_force("millpond", NEW).head.id == "millpond-2024"
        assert shelf.in_force("millpool", NEW).head.id == "millpond-2019"
        assert shelf.government("brook") is None
    for number in range(50):
        assert shelf.government(f"nobody-{number}") is None
    assert len(vars(shelf)["_by_tenant"]) <= MOST_TENANTS
