"""Set-up finds a Python that works, says what is missing, does nothing twice and recovers from being killed."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.project.checkout import ROOT

Programme = Callable[[str, str], Path]


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Write an executable shell script."""

    def write(where: str, script: str) -> Path:
        path = tmp_path / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write


def find_python(home: Path, *folders: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/find-python with a PATH and a home of our own."""
    path = ":".join(str(home / folder) for folder in folders)
    return subprocess.run(
        ["/bin/sh", ROOT / "scripts" / "find-python"],
        env={"PATH": path, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def reports(version: str) -> str:
    """A stand-in Python: answers the probe as that version would."""
    good = version in ("3.12", "3.13")
    return f'echo "real-python-{version}"' if good else f'echo "is Python {version}" >&2; exit 1'


def test_a_python_on_the_path(tmp_path: Path, programme: Programme) -> None:
    programme("bin/python3.12", f'exec {sys.executable} "$@"')
    found = find_python(tmp_path, "bin")
    assert found.returncode == 0
    assert Path(found.stdout.strip()).samefile(sys.executable)


def test_a_shim_that_fails_does_not_hide_the_next_one(tmp_path: Path, programme: Programme) -> None:
    programme("shims/python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    programme("bin/python3.12", reports("3.12"))
    assert find_python(tmp_path, "shims", "bin").stdout == "real-python-3.12\n"


@pytest.mark.parametrize(
    ("where", "variable", "value"),
    [
        (".pyenv/versions/3.12.9/bin/python3.12", "", ""),
        ("elsewhere/versions/3.12.9/bin/python3.12", "PYENV_ROOT", "elsewhere"),
        (".local/share/uv/python/cpython-3.12.9-linux/bin/python3.12", "", ""),
        ("uvs/cpython-3.12.9-linux/bin/python3.12", "UV_PYTHON_INSTALL_DIR", "uvs"),
        (".local/share/mise/installs/python/3.12/bin/python3.12", "", ""),
        (".asdf/installs/python/3.12.9/bin/python3.12", "", ""),
    ],
)
def test_pythons_that_are_installed_but_not_selected(
    tmp_path: Path, programme: Programme, where: str, variable: str, value: str
) -> None:
    programme(where, reports("3.12"))
    environment = {variable: str(tmp_path / value)} if variable else {}
    assert find_python(tmp_path, "empty", **environment).stdout == "real-python-3.12\n"


def test_the_version_in_dot_python_version_comes_first(tmp_path: Path, programme: Programme) -> None:
    programme("bin/python3.13", reports("3.13"))
    programme(".pyenv/versions/3.12.9/bin/python3.12", reports("3.12"))
    assert find_python(tmp_path, "bin").stdout == "real-python-3.12\n"


def test_a_named_python_is_taken_or_refused(tmp_path: Path, programme: Programme) -> None:
    programme("bin/python3.12", reports("3.12"))
    good = programme("mine/python", reports("3.13"))
    old = programme("mine/old", reports("3.9"))
    assert find_python(tmp_path, "bin", PYTHON=str(good)).stdout == "real-python-3.13\n"
    refused = find_python(tmp_path, "bin", PYTHON=str(old))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"PYTHON={old} cannot be used: it is Python 3.9." in refused.stderr


def test_what_was_seen_is_said_when_none_works(tmp_path: Path, programme: Programme) -> None:
    programme("bin/python3", reports("3.11"))
    programme("bin/python3.12", "echo 'was built without sqlite3' >&2; exit 1")
    programme("bin/python3.13", "exit 127")
    # /usr/bin and the like are looked through as well: a machine may have a good one there.
    found = find_python(tmp_path, "bin")
    if found.returncode == 0:
        assert found.stdout.startswith(("/usr", "/opt"))
        return
    assert "needs Python 3.12 or 3.13, and none that works was found" in found.stderr
    for line in ("python3 is Python 3.11", "python3.12 was built without sqlite3", "python3.13 does not start"):
        assert line in found.stderr
    assert "pyenv install 3.12" in found.stderr


# ── scripts/set_up.py ──


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up script, working in a folder of its own, without a word to pip."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "scripts" / "set_up.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("# nothing\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.delenv("PYTHON", raising=False)
    return module


class Pip:
    """Stands for every program that the set-up starts: makes environments, notes the rest, fails on demand."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.fails = self.is_killed = False

    def __call__(self, *command: str) -> int:
        self.commands.append(command)
        if "venv" in command:
            made = Path(command[-1])
            (made / "bin").mkdir(parents=True, exist_ok=True)
            (made / "bin" / "python").touch()
            for left in made.glob(".*"):
                left.unlink()
            version = ".".join(map(str, sys.version_info[:3]))
            (made / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
        if "install" in command and self.is_killed:
            raise KeyboardInterrupt
        return int(self.fails and "install" in command)

    def did(self) -> list[str]:
        """What was started since the last question, in one word each."""
        words = ["venv", "install", "compileall", "ci"]
        done = [next(word for word in words if word in command) for command in self.commands]
        self.commands.clear()
        return done


@pytest.fixture
def pip(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Pip:
    stand_in = Pip()
    monkeypatch.setattr(set_up, "run", stand_in)
    return stand_in


def test_nothing_happens_twice_but_a_changed_file_is_noticed(set_up: ModuleType, pip: Pip, tmp_path: Path) -> None:
    set_up.set_up(["run"])
    assert "--require-hashes" in pip.commands[1]
    assert pip.did() == ["venv", "install", "compileall"]
    set_up.set_up(["run"])
    assert pip.did() == []
    requirements = tmp_path / "requirements" / "run.txt"
    before = requirements.stat().st_mtime
    requirements.write_text("# something else\n")
    os.utime(requirements, (before - 1000, before - 1000))
    set_up.set_up(["run"])
    assert pip.did() == ["install", "compileall"]


@pytest.mark.parametrize("part", ["peers", "train"])
def test_what_does_not_go_with_the_bot_is_installed_apart(
    set_up: ModuleType, pip: Pip, tmp_path: Path, part: str
) -> None:
    (tmp_path / "requirements" / f"{part}.txt").write_text("# nothing\n")
    set_up.set_up(["run", part])
    assert pip.did() == ["venv", "install", "compileall"] * 2
    assert (tmp_path / f".venv-{part}" / f".installed-{part}").is_file()
    assert not (tmp_path / ".venv" / f".installed-{part}").exists()
    set_up.set_up(["run", part])
    assert pip.did() == []


def test_a_killed_set_up_starts_afresh(set_up: ModuleType, pip: Pip) -> None:
    pip.is_killed = True
    with pytest.raises(KeyboardInterrupt):
        set_up.set_up(["run"])
    pip.did()
    pip.is_killed = False
    set_up.set_up(["run"])
    assert pip.did() == ["venv", "install", "compileall"]


def test_a_registry_out_of_reach_is_said_and_tried_again(set_up: ModuleType, pip: Pip) -> None:
    pip.fails = True
    with pytest.raises(set_up.SetUpError, match=r"requirements/run\.txt could not be installed"):
        set_up.set_up(["run"])
    pip.fails = False
    pip.did()
    set_up.set_up(["run"])
    assert pip.did() == ["install", "compileall"]


def test_an_environment_whose_python_is_gone_is_made_again(set_up: ModuleType, pip: Pip, tmp_path: Path) -> None:
    set_up.set_up(["run"])
    pip.did()
    (tmp_path / ".venv" / "bin" / "python").unlink()
    set_up.set_up(["run"])
    assert pip.did() == ["venv", "install", "compileall"]


def test_a_named_python_of_another_version_makes_it_again(
    set_up: ModuleType, pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up.set_up(["run"])
    pip.did()
    other = "3.13.0" if sys.version_info[:2] == (3, 12) else "3.12.1"
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"version = {other}\n")
    set_up.set_up(["run"])
    assert pip.did() == []
    monkeypatch.setenv("PYTHON", sys.executable)
    set_up.set_up(["run"])
    assert pip.did() == ["venv", "install", "compileall"]


def test_a_python_without_ensurepip_and_pip_is_named(
    set_up: ModuleType, pip: Pip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(set_up.SetUpError, match=r"apt install python3\.1[23]-venv"):
        set_up.set_up(["run"])
    assert pip.did() == []


def test_the_front_end_comes_through_a_wheel_where_npm_is_missing(
    set_up: ModuleType, pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json", "requirements/node.txt"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    set_up.set_up(["front-end"])
    assert pip.commands[-1][1:] == ("-c", set_up.NPM_OF_WHEEL, *set_up.NPM_CI)
    assert pip.did() == ["venv", "install", "compileall", "ci"]
    set_up.set_up(["front-end"])
    assert pip.did() == []


@pytest.mark.parametrize(("version", "good"), [("11.19.1", True), ("7.0.0", True), ("6.14.18", False), ("", False)])
def test_an_old_or_broken_npm_is_not_used(
    set_up: ModuleType, programme: Programme, monkeypatch: pytest.MonkeyPatch, version: str, good: bool
) -> None:
    npm = programme("node/npm", f"echo {version}; test -n '{version}'")
    monkeypatch.setenv("PATH", str(npm.parent))
    assert set_up.machines_npm() == (str(npm) if good else None)
