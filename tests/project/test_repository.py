"""What is committed speaks of the product only, and installs from whatever registry a machine has."""

import json
import re
from pathlib import Path

import pytest

from tests.project.checkout import ROOT, files, name

# Spelled in parts, so that this file does not hold what it forbids.
_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "registry.npmjs" + ".org", "registry.yarnpkg" + ".com")
_OWN_PATHS = re.compile(r"(?<![\w.~-])/(?:root|home/\w+|Users/\w+|work)/")
_PINNED = re.compile(r"^([a-zA-Z0-9][a-zA-Z0-9._-]*)==([^ ;]+)( ; [^\\]+)? \\$")
_LARGEST_TEXT = 5_000_000

REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def texts() -> list[tuple[Path, str]]:
    """Every committed file that is text."""
    found = []
    for path in files():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000] and len(raw) < _LARGEST_TEXT:
            found.append((path, raw.decode("utf-8", errors="replace")))
    return found


def normal(package: str) -> str:
    """A package's name as registries compare names."""
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(file: Path) -> dict[str, str]:
    """Normal name and version of every package in a requirement file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {normal(match[1]): match[2] for line in lines if (match := _PINNED.match(line))}


def test_no_registry_host_and_no_machine_path() -> None:
    found = [
        f"{name(path)}: {word}"
        for path, content in texts()
        for word in (*(host for host in _HOSTS if host in content), *_OWN_PATHS.findall(content))
    ]
    assert not found


def test_the_npm_lock_has_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {where: entry for where, entry in lock["packages"].items() if where}
    assert packages
    assert not [where for where, entry in packages.items() if "resolved" in entry or "integrity" not in entry]


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.stem)
def test_requirement_files_are_pinned_hashed_and_without_addresses(file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    starts = [line for line in content.splitlines() if not line.startswith((" ", "#"))]
    assert pins(file)
    assert not [line for line in starts if not _PINNED.match(line)]
    assert "://" not in content
    assert content.count("--hash=sha256:") >= len(starts)


@pytest.mark.parametrize("stem", ["dev", "train"])
def test_tests_and_training_run_with_the_bots_versions(stem: str) -> None:
    run, other = pins(ROOT / "requirements" / "run.txt"), pins(ROOT / "requirements" / f"{stem}.txt")
    assert not {
        package: (version, other.get(package)) for package, version in run.items() if other.get(package) != version
    }


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").glob("*.in")), ids=lambda file: file.stem)
def test_every_package_asked_for_is_pinned(file: Path) -> None:
    asked = [re.split(r"[=<>~ #\[]", line)[0] for line in file.read_text(encoding="utf-8").splitlines()]
    pinned = pins(file.with_suffix(".txt"))
    assert not [package for package in asked if package and package[0] not in "-" and normal(package) not in pinned]


def test_the_bots_environment_has_no_scikit_learn() -> None:
    # It makes the bot's start three times slower: nltk imports it when it is there.
    assert "scikit-learn" not in pins(ROOT / "requirements" / "run.txt") | pins(ROOT / "requirements" / "dev.txt")
