"""Which database errors pass by themselves: a lock, a lost connection, a deadlock, a full disk."""

import sqlalchemy as sa

_SQLITE_PASSING = ("locked", "busy", "disk i/o error", "unable to open database", "is full", "interrupted")
# Connection trouble (08), out of resources (53), stopped by an administrator (57); the disk's own errors; a server that
# only reads, as while another takes over; a transaction that was idle for too long; serialisation, deadlock, lock.
_POSTGRES_PASSING = ("08", "53", "57", "58030", "25006", "25P03", "40001", "40P01", "55P03")
# A disk that is full or broken stays so until somebody comes, however often one tries; it is never a handler's fault.
_SQLITE_DISK = ("disk i/o error", "is full")
_POSTGRES_DISK = ("53", "58030", "25006")


def is_passing(error: BaseException) -> bool:
    """Say whether the same transaction may well succeed a little later, without anybody changing the code."""
    if isinstance(error, (sa.exc.TimeoutError, ConnectionError)):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return isinstance(error, OSError)
    if error.connection_invalidated or isinstance(error.orig, OSError):
        return True
    code = str(getattr(error.orig, "sqlstate", None) or "")
    if code:
        return code.startswith(_POSTGRES_PASSING)
    words = str(error.orig).lower()
    return isinstance(error, sa.exc.InterfaceError) or any(word in words for word in _SQLITE_PASSING)


def is_disks(error: BaseException) -> bool:
    """Say whether the database has no room or cannot write: that may last, and says nothing of the statement."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    code = str(getattr(error.orig, "sqlstate", None) or "")
    if code:
        return code.startswith(_POSTGRES_DISK)
    return any(word in str(error.orig).lower() for word in _SQLITE_DISK)
