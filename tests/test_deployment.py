"""What is offered for a deployment fits the project: the lock file, the image, the Compose file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from index.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
OFFERED = ROOT / ".deploy"
PINNED = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; [^\\\n]+)?(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.M
)


@pytest.fixture(scope="module")
def locked() -> dict[str, Version]:
    """The version of each package that the lock file pins with its hashes."""
    told = (OFFERED / "lock.txt").read_text(encoding="utf-8")
    pinned: dict[str, Version] = {canonicalize_name(m["name"]): Version(m["version"]) for m in PINNED.finditer(told)}
    assert len(pinned) == len(re.findall(r"^[\w.-]+==", told, re.M)) > 80
    return pinned


def test_the_lock_file_pins_all_that_the_project_needs(locked: dict[str, Version]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [Requirement(line) for line in (*project["dependencies"], *extras["fast"], *extras["postgres"])]
    missing = [
        str(one) for one in needed
        if canonicalize_name(one.name) not in locked
        or not one.specifier.contains(locked[canonicalize_name(one.name)], prereleases=True)
    ]  # fmt: skip
    assert not missing, "make the lock file anew, as .github/SECURITY.md says"


def test_no_place_to_get_packages_from_is_named() -> None:
    for file in OFFERED.iterdir():
        told = file.read_text(encoding="utf-8")
        assert not re.search(r"--(?:extra-)?index-url|--find-links|https?://(?!127\.0\.0\.1)", told), file.name


def test_the_image_is_made_of_what_is_there() -> None:
    told = (OFFERED / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", told, re.M) for name in line.split()]
    assert set(copied) >= {"index", "rag", "ui", "pyproject.toml", ".deploy/lock.txt"}
    assert all((ROOT / name).exists() for name in copied)
    named = re.findall(rf"\b{PREFIX}\w+", told)
    assert named and set(named) <= settings_named()
    assert re.search(r"^USER \d+$", told, re.M) and "HEALTHCHECK" in told


def test_the_compose_file_sets_what_can_be_set() -> None:
    told: dict[str, Any] = yaml.safe_load((OFFERED / "compose.yaml").read_text(encoding="utf-8"))
    app, proxy = told["services"]["app"], told["services"]["proxy"]
    assert {name for name in app["environment"] if name.startswith(PREFIX)} <= settings_named()
    assert (OFFERED / app["build"]["context"] / app["build"]["dockerfile"]).is_file()
    assert (OFFERED / proxy["volumes"][0].split(":")[0]).is_file()
    # what HAProxy says of who asks is believed, and nobody else's word
    assert app["environment"][f"{PREFIX}TRUSTED_PROXIES"] == told["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert [name for name, service in told["services"].items() if "ports" in service] == ["proxy"]
    assert app["deploy"]["replicas"] > 1


def settings_named() -> set[str]:
    """The environment variable of each setting."""
    return {PREFIX + field.name.upper() for field in fields(Settings)}
