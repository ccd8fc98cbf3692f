"""A PostgreSQL server of our own in a temporary folder, to be restarted without hurting anybody else's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.chaos.processes import free_port
from tests.requirements_of_tests import lacking

_USER = "postgres"  # the server refuses to run as root
_SETTINGS = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
max_connections = 150
"""


@cache
def programmes() -> Path | None:
    """Return the folder of the newest initdb and pg_ctl on this machine, None where there is none."""
    named = shutil.which("pg_ctl")
    found = [Path(named).parent] if named else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    folder: Path
    port: int

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def restart(self) -> None:
        """Break every connection and transaction off, as a crash does, and start again from the log."""
        _run(
            "pg_ctl", "restart", "-m", "immediate", "-w", "-D", str(self.folder), "-l", str(self.folder / "server.log")
        )


def _run(name: str, *words: str) -> None:
    folder = programmes()
    assert folder is not None
    as_user = ["runuser", "-u", _USER, "--"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*as_user, str(folder / name), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
    )
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server with its settings as they come: what is committed is on the disk."""
    if programmes() is None:
        lacking("no initdb and pg_ctl (PostgreSQL's server programmes) on the PATH or in /usr/lib/postgresql")
    home = Path(tempfile.mkdtemp(prefix="bot137-postgres-"))
    if os.getuid() == 0:
        shutil.chown(home, _USER)
    one = Cluster(home / "data", free_port())
    try:
        _run("initdb", "-D", str(one.folder), "-U", _USER, "--auth=trust", "--encoding=UTF8", "--locale=C")
        with (one.folder / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(port=one.port))
        _run("pg_ctl", "start", "-w", "-D", str(one.folder), "-l", str(one.folder / "server.log"))
        try:
            yield one
        finally:
            _run("pg_ctl", "stop", "-m", "immediate", "-D", str(one.folder))
    finally:
        shutil.rmtree(home, ignore_errors=True)
