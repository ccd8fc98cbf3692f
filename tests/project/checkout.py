"""The files of this checkout, as the project's own checks read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Every package of the product that may exist; one that is not there yet has no files.
PACKAGES = (
    "bot",
    "handlers",
    "services",
    "reports",
    "nlp",
    "storage",
    "texts",
    "domain",
    "web",
    "simulator",
    "benchmarks",
    "scripts",
)
_IGNORED = {".git", ".venv", ".venv-peers", ".venv-train", "node_modules", "var", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed; without git (an archive), every file that is not made here."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        named = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    else:
        named = (path for path in ROOT.rglob("*") if not _IGNORED & set(path.relative_to(ROOT).parts))
    return tuple(sorted(path for path in named if path.is_file()))


def name(path: Path) -> str:
    """The file's name as a person would type it from the project's folder."""
    return path.relative_to(ROOT).as_posix()


def sources(*folders: str, suffix: str = ".py") -> Iterator[Path]:
    """Files with this suffix under the folders; under every package of the product when none is named."""
    wanted = set(folders or PACKAGES)
    return (path for path in files() if path.suffix == suffix and path.relative_to(ROOT).parts[0] in wanted)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed source of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


@cache
def documents() -> str:
    """README.md and docs/ as one text."""
    pages = [
        path for path in files() if path.suffix == ".md" and path.relative_to(ROOT).parts[0] in ("README.md", "docs")
    ]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)
