"""What is shipped: the wheel, installed with its runtime dependencies only, used from elsewhere."""

import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import diagnoser

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "facts" / "examples" / "storage-is-full.json"

# One worker builds and installs; the others need not do it again.
pytestmark = pytest.mark.xdist_group("packaging")


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed, free of this checkout's Python settings."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(source: Path, target: str, into: Path) -> Path:
    """The sdist or wheel built from a source folder."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, cwd=source)
    (built,) = into.iterdir()
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own; commands run in a folder away from the checkout."""

    scripts: Path
    elsewhere: Path

    def command(self, *arguments: str) -> str:
        return run(self.scripts / "diagnoser", *arguments, cwd=self.elsewhere)

    def python(self, code: str) -> str:
        return run(self.scripts / "python", "-I", "-c", code, cwd=self.elsewhere)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", symlinks=os.name != "nt")
    scripts = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    # The lock's versions without its hashes: pip asks for a hash of everything or of nothing.
    lock = (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8")
    constraints = home / "constraints.txt"
    constraints.write_text("\n".join(re.findall(r"^\w[^\\\n]+", lock, re.M)), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", scripts / "python", "--quiet"]
    run(*pip, "install", "--constraint", constraints, wheel, cwd=home)
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "case.json").write_bytes(EXAMPLE.read_bytes())
    return Installed(scripts, elsewhere)


def test_the_wheel_holds_one_package_and_nothing_beside_it(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in contents(wheel)}

    assert tops == {"diagnoser", f"diagnoser-{diagnoser.__version__}.dist-info"}


def test_the_wheel_has_no_module_that_only_a_build_needs(wheel: Path) -> None:
    assert "diagnoser/pack/build_hook.py" not in contents(wheel)
    assert "diagnoser/pack/loader.py" in contents(wheel)


def test_the_wheel_says_that_it_is_typed(wheel: Path) -> None:
    assert "diagnoser/py.typed" in contents(wheel)


def test_the_wheel_brings_all_templates(wheel: Path) -> None:
    checkout = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "diagnoser/rendering/templates").rglob("*.*")
    }

    assert checkout
    assert checkout <= contents(wheel).keys()


def test_a_page_is_made_from_another_folder(installed: Installed) -> None:
    assert installed.command("diagnose", "case.json", "--format", "html").startswith("<!DOCTYPE")


@pytest.mark.parametrize("folder", ["rules", "facts"])
def test_all_knowledge_is_inside_the_package(wheel: Path, folder: str) -> None:
    checkout = {
        f"diagnoser/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    shipped = {
        name: data
        for name, data in contents(wheel).items()
        if name.startswith(f"diagnoser/{folder}/")
    }

    assert checkout
    assert shipped == checkout


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    run(sys.executable, "-m", "tarfile", "-e", sdist, tmp_path / "source", cwd=tmp_path)
    (source,) = (tmp_path / "source").iterdir()

    assert contents(build(source, "wheel", tmp_path / "wheel")) == contents(wheel)


def test_the_sdist_brings_its_tests(tmp_path: Path) -> None:
    with tarfile.open(build(ROOT, "sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"tests/test_packaging.py", "tests/requirements.txt", "Makefile", "LICENSE"} <= names


@pytest.mark.parametrize("module", ["pytest", "hypothesis", "jsonschema", "hatchling"])
def test_no_development_package_comes_along(installed: Installed, module: str) -> None:
    code = f"import importlib.util; print(importlib.util.find_spec({module!r}))"

    assert installed.python(code).strip() == "None"


@pytest.mark.parametrize("module", ["rules", "facts", "tests"])
def test_no_name_that_others_use_is_taken(installed: Installed, module: str) -> None:
    code = f"import importlib.util; print(importlib.util.find_spec({module!r}))"

    assert installed.python(code).strip() == "None"


def test_the_installed_package_is_the_one_that_runs(installed: Installed) -> None:
    home = Path(installed.python("import diagnoser; print(diagnoser.__file__)").strip())

    assert home.is_relative_to(installed.scripts.parent)


def test_the_installed_knowledge_needs_no_yaml_and_no_reading_of_its_files(
    installed: Installed,
) -> None:
    unread = "import diagnoser.pack.loader; diagnoser.pack.loader.digest = None"
    code = f"{unread}; import sys; diagnoser.Diagnoser(); print('yaml' in sys.modules)"

    assert installed.python(code).strip() == "False"


def test_package_metadata_and_command_agree_on_the_version(installed: Installed) -> None:
    metadata = installed.python("import importlib.metadata as m; print(m.version('diagnoser'))")

    assert metadata.strip() == diagnoser.__version__
    assert diagnoser.__version__ in installed.command("--version")


def test_an_example_is_diagnosed_from_another_folder(installed: Installed) -> None:
    assert installed.command("diagnose", "case.json").strip()


def test_library_and_command_give_the_same_report(installed: Installed) -> None:
    library = installed.python(
        "import json\n"
        "from pathlib import Path\n"
        "from diagnoser import Diagnoser\n"
        "case = json.loads(Path('case.json').read_text(encoding='utf-8'))\n"
        "print(Diagnoser().diagnose(case).model_dump_json())"
    )
    command = installed.command("diagnose", "case.json", "--format", "json")

    # Aliases may differ between the two ways out (`schema` is taken by pydantic); values may not.
    assert json.loads(command)["plan"] == json.loads(library)["plan"]
    assert json.loads(command)["plan"]["steps"]


def test_the_built_in_knowledge_checks_out_where_it_is_installed(installed: Installed) -> None:
    installed.command("check")
