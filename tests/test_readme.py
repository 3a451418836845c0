"""The README shows real output."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from diagnoser.checking.check import check
from diagnoser.pack.builtin import built_in
from tests.readme import README, Shown, agrees, run, shown

ALL = list(shown(README.read_text("utf-8")))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.command.splitlines()[0])
def test_the_readme_shows_what_really_comes_out(one: Shown) -> None:
    words = {"curl", "jq"} & set(one.command.split())
    if missing := [word for word in sorted(words) if shutil.which(word) is None]:
        assert "CI" not in os.environ, missing
        pytest.skip(f"not installed: {' and '.join(missing)}")
    got = run(one)
    assert agrees(one.output, got), got


def test_the_first_screen_shows_the_demo_a_facts_file_and_the_library() -> None:
    text = README.read_text("utf-8")
    places = [
        text.index(part)
        for part in ("$ make demo", "$ make test", '{"', "from diagnoser import Diagnoser")
    ]
    assert places == sorted(places)
    assert text[: places[-1]].count("\n") < 60
    assert any(one.python for one in ALL)


def test_the_knowledge_of_the_readme_is_that_of_the_pack() -> None:
    rules = Path(built_in()) / "rules"
    for shown_, name in zip(
        yaml_blocks()[:2],
        ["causes/wifi/low-data-mode-is-on.yaml", "signs/low-data-mode.yaml"],
        strict=True,
    ):
        file = (rules / name).read_text("utf-8")
        assert yaml.load(shown_, yaml.BaseLoader) == yaml.load(file, yaml.BaseLoader)
    part, facts = yaml_blocks()[2:]
    pack = yaml.load((rules / "pack.yaml").read_text("utf-8"), yaml.BaseLoader)
    shown_parts = yaml.load(part, yaml.BaseLoader)["preconditions"]
    assert shown_parts.items() <= pack["preconditions"].items()
    account = Path(built_in(), "facts/account.yaml").read_text("utf-8")
    area, some = yaml.load(account, yaml.BaseLoader), yaml.load(facts, yaml.BaseLoader)
    assert some["gone"] == area["gone"]
    assert some["facts"].items() <= area["facts"].items()


def test_a_file_like_that_of_the_readme_is_a_cause_once_a_remedy_names_it(tmp_path: Path) -> None:
    for folder in ("rules", "facts"):
        shutil.copytree(Path(built_in()) / folder, tmp_path / folder)
    new = tmp_path / "rules" / "causes" / "wifi" / "new-one.yaml"
    new.write_text(yaml_blocks()[0], "utf-8")
    unmended = [str(problem) for problem in check(tmp_path)[1]]
    remedy = tmp_path / "rules" / "remedies" / "turn-on-wifi.yaml"
    text = remedy.read_text("utf-8")
    remedy.write_text(text.replace("fixes: {", "fixes: {new-one: always, ", 1), "utf-8")

    assert ["no remedy mends this cause" in one for one in unmended] == [True]
    assert check(tmp_path)[1] == []


def yaml_blocks() -> list[str]:
    """What the README shows of the knowledge."""
    return re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
