"""Which database errors pass by themselves: a lock, a lost connection, a deadlock, a full disk."""

import sqlalchemy as sa

_SQLITE_PASSING = ("locked", "busy", "disk i/o error", "unable to open database", "is full", "interrupted")
# Connection trouble (08), out of resources (53), stopped by an administrator (57); a transaction that was idle for too
# long; serialisation, deadlock, lock.
_POSTGRES_PASSING = ("08", "53", "57", "25P03", "40001", "40P01", "55P03")


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
