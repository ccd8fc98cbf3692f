"""Giving memory back to the machine: what glibc keeps for later, after much was loaded, is a good part of the whole."""

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 2  # one thread does nearly everything; further ones need no heap of their own


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL("libc.so.6")


def spare() -> None:
    """Keep few heaps; to be called before threads are started. Where there is no glibc nothing happens."""
    with suppress(OSError, AttributeError):
        _libc().mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return to the machine what was freed; takes some milliseconds."""
    gc.collect()
    with suppress(OSError, AttributeError):
        _libc().malloc_trim(0)
