"""The figures in the READMEs are those of today: `chancery rules coverage --into README.md --into README.zh-CN.md`."""

from pathlib import Path

import pytest

from chancery.cli.main import PACKS
from chancery.cli.packs import coverage_of
from chancery.rules.coverage import BLOCK, told_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_figures_are_current(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert len(BLOCK.findall(text)) == 1
    assert told_in(text, coverage_of(PACKS, altering=False)) == text


def test_a_text_without_a_block_stays_as_it_is() -> None:
    assert told_in("# nothing here\n", coverage_of(PACKS, altering=False)) == "# nothing here\n"
