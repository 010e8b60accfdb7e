"""How the project is built: what may import what, how long a file is, what is installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("index", "rag", "ui")
TOP = {*ROOMS, "tests", "pyproject.toml", "README.md", "LICENSE"}
MOST_LINES = 350


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The project's files, those that git ignores left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a clone")
    return sorted({Path(line) for line in done.stdout.splitlines() if (ROOT / line).is_file()})


@pytest.fixture(scope="module")
def setuptools() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_imports_go_in_one_direction() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_no_file_is_too_long_to_be_read_in_one_sitting(files: list[Path]) -> None:
    lengths = {
        str(file): len((ROOT / file).read_text(encoding="utf-8").splitlines())
        for file in files
        if file.suffix == ".py" and file.parts[0] in ROOMS and file != Path("ui/words.py")  # sentences, a line each
    }
    assert len(lengths) > 40
    assert not {file: length for file, length in lengths.items() if length > MOST_LINES}


def test_the_top_holds_the_three_rooms_and_little_else(files: list[Path]) -> None:
    top = {file.parts[0] for file in files}
    assert top >= TOP
    assert {name for name in top - TOP if not name.startswith(".")} == set()


def test_the_wheel_holds_the_product_and_not_its_training(files: list[Path], setuptools: Any) -> None:
    packages = {".".join(file.parent.parts) for file in files if file.name == "__init__.py" and file.parts[0] in ROOMS}
    assert set(setuptools["packages"]) == packages - {"rag.training"}
    assert not any(name.startswith(("rag.training", "tests")) for name in setuptools["package-data"])


def test_the_wheel_holds_every_file_that_the_product_reads(files: list[Path], setuptools: Any) -> None:
    def installed(file: Path) -> bool:
        return any(
            fnmatch(str(file), f"{package.replace('.', '/')}/{pattern}")
            for package, patterns in setuptools["package-data"].items()
            for pattern in patterns
        )

    read = [f for f in files if f.parts[0] in ROOMS and f.suffix != ".py" and f.parts[:2] != ("rag", "training")]
    assert {f.name for f in read} >= {"ia-sante.txt", "reader.safetensors", "heads.safetensors", "acronyms.json"}
    assert [str(f) for f in read if not installed(f)] == []
