"""The commands about rules: they answer, say what is wrong in a sentence, and their exit codes can be relied on."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chancery.cli.main import PACKS, app

RUN = CliRunner()


def ran(*arguments: str) -> tuple[int, str]:
    """The exit code and all that was printed, on a wide terminal."""
    result = RUN.invoke(app, ["rules", *arguments], env={"COLUMNS": "240"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_explain_names_the_rows_that_answer_and_what_would_change_them() -> None:
    code, told = ran("explain", "hongkou-2022", "signing", "kind=notice", "portfolios=2")
    assert code == 0
    assert "across-portfolios" in told
    assert "HK-58-2" in told
    assert "涉及分管领域数：改为1" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "nowhere-2022", "signing"), "没有规则包 There is no pack nowhere-2022"),
        (("explain", "hongkou-2022", "spells"), "there is no table spells"),
        (("explain", "hongkou-2022", "signing", "colour=red"), "has no fact colour"),
        (("explain", "hongkou-2022", "signing", "kind"), "name=value"),
        (("explain", "hongkou-2022", "signing", "portfolios=many"), "is a number"),
        (("explain", "hongkou-2022", "signing", "major=perhaps"), "is true or false"),
        (("explain", "hongkou-2022", "signing", "kind=pamphlet"), "does not know the word 'pamphlet'"),
        (("what-if", "hongkou-2022", "nowhere-2022", "signing"), "There is no pack nowhere-2022"),
        (("diff", "hongkou-2022@1999", "gaojing-2024"), "There is no pack hongkou-2022@1999"),
        (("show", "nowhere-2022"), "There is no pack nowhere-2022"),
        (("coverage", "/nowhere"), "There is no pack in /nowhere"),
        (("new", "Anbei"), "name-year"),
    ],
)
def test_what_is_wrong_is_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    code, told = ran(*arguments)
    assert code == 2
    assert said in told
    assert "Traceback" not in told


def test_what_if_says_what_the_other_pack_does_not_know() -> None:
    code, told = ran("what-if", "hongkou-2022", "gaojing-2024", "signing", "kind=normative_document")
    assert code == 0
    assert "“行政规范性文件”" in told
    assert "gaojing-2024@2024.1" in told


def test_diff_and_show_write_pages(tmp_path: Path) -> None:
    for arguments in (("diff", "hongkou-2022", "haimen-2022"), ("show", "hongkou-2022")):
        page = tmp_path / f"{arguments[0]}.html"
        code, told = ran(*arguments, "--page", str(page))
        assert code == 0
        assert page.read_text("utf-8").lstrip().startswith("<!doctype html>")
        assert str(page) in told


def test_show_prints_markdown_in_english() -> None:
    code, told = ran("show", "gaojing-2024", "--english", "--markdown")
    assert code == 0
    assert told.startswith("# Working rules of the Gaojing Town")


def test_coverage_fails_on_a_scenario_that_comes_out_otherwise_and_below_the_share_asked_for(tmp_path: Path) -> None:
    name = "gaojing-2024"
    shutil.copytree(PACKS / name, tmp_path / name)
    page = tmp_path / "coverage.html"
    code, told = ran("coverage", str(tmp_path / name), "--no-alter", "--at-least", "100", "--page", str(page))
    assert (code, "处不符 otherwise" in told, page.exists()) == (0, True, True)

    scenarios = sorted((tmp_path / name / "scenarios").glob("*.yaml"))
    asking = [path for path in scenarios if "ask:" in path.read_text("utf-8")]
    for path in asking:
        path.unlink()
    code, told = ran("coverage", str(tmp_path / name), "--no-alter")
    assert (code, "没有情景 no scenario" in told) == (0, True)
    assert ran("coverage", str(tmp_path / name), "--no-alter", "--at-least", "50")[0] == 1

    shutil.copytree(PACKS / name / "scenarios", tmp_path / name / "scenarios", dirs_exist_ok=True)
    signing = tmp_path / name / "signing.yaml"
    signing.write_text(signing.read_text("utf-8").replace("do: sign,", "do: approve,"), "utf-8")
    code, told = ran("coverage", str(tmp_path / name), "--no-alter")
    assert code == 1
    assert "✗" in told


def test_new_begins_a_pack_and_never_writes_over_one(tmp_path: Path) -> None:
    code, told = ran("new", "anbei-2025", "--into", str(tmp_path))
    assert (code, "chancery rules lint" in told) == (0, True)
    assert ran("lint", str(tmp_path / "anbei-2025"))[0] == 0
    code, told = ran("new", "anbei-2025", "--into", str(tmp_path))
    assert (code, "已经存在 is there already" in told) == (2, True)


def test_a_pack_may_be_named_by_its_folder_and_by_its_version() -> None:
    for named in ("gaojing-2024", "gaojing-2024@2024.1", str(PACKS / "gaojing-2024")):
        code, told = ran("explain", named, "bodies")
        assert (code, "mayor_office" in told) == (0, True)
