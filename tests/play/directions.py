"""The stage's own lines: time passes, the engine is restarted or breaks, the books are looked at, a link is made."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import sqlalchemy as sa

from domain.roles import Role
from services import staff
from storage.tables import audit, corrections, drafts, hearings, inbox, media, outbox, requests, sessions
from tests.play.looks import NotSeen
from tests.play.stage import Stage

Direction = Callable[[Stage, str], Awaitable[None]]

_SPAN = re.compile(r"(\d+)\s*([dhms])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


async def _time_passes(stage: Stage, rest: str) -> None:
    stage.pass_time(timedelta(**{_UNITS[unit]: int(number) for number, unit in _SPAN.findall(rest)}))


async def _mishap(stage: Stage, rest: str) -> None:
    if rest == "restart":
        await stage.restart()
    elif rest == "breaks":
        stage.break_handlers()
    elif rest == "mended":
        stage.mend_handlers()
    else:
        raise NotSeen(f"no such mishap: {rest}")


_COUNTED: dict[str, sa.Select[int]] = {
    "requests": sa.select(sa.func.count()).select_from(requests),
    "corrections": sa.select(sa.func.count()).select_from(corrections),
    "drafts": sa.select(sa.func.count()).select_from(drafts).where(drafts.c.state == "open"),
    "quarantined": sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "quarantined"),
    "dead": sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "dead"),
    "handled": sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "done"),
    "stored": sa.select(sa.func.count()).select_from(media).where(media.c.state == "stored"),
}
_NEWEST: dict[str, sa.Select[int]] = {
    "session": sa.select(sa.func.max(sessions.c.id)),
    "hearing": sa.select(sa.func.max(hearings.c.id)),
}


async def _books(stage: Stage, rest: str) -> None:
    """`📒 refused not-yours`: the newest new row of the audit trail; `📒 requests 1`: a count; `📒 newest session`."""
    what, _, wanted = rest.partition(" ")
    assert stage.engine is not None
    async with stage.engine.database.read() as tx:
        if what in _COUNTED:
            number = await tx.scalar(_COUNTED[what])
            if number != int(wanted):
                raise NotSeen(f"{what}: {number}, not {wanted}")
            return
        if what == "newest":
            stage.names[wanted] = str(await tx.scalar(_NEWEST[wanted]))
            return
        rows = list(await tx.execute(sa.select(audit).where(audit.c.id > stage.audit_read).order_by(audit.c.id)))
    stage.audit_read = rows[-1].id if rows else stage.audit_read
    found = [row.refused if what == "refused" else row.act for row in rows]
    if wanted not in found:
        raise NotSeen(f"the audit trail has {found}, not {what} {wanted}")


async def _invitation(stage: Stage, rest: str) -> None:
    """`✉ {link} official waste-1`: a one-time link, remembered under the name."""
    name, role, *unit = rest.split()
    assert stage.engine is not None
    async with stage.engine.database.write() as tx:
        _, payload = await staff.invite(
            tx,
            stage.centre,
            role=Role(role),
            unit=unit[0] if unit else "",
            messenger=None,
            by=None,
            now=stage.clock.now(),
        )
    stage.names[name.strip("{}")] = stage.centre.link(stage.flavour, payload)


DIRECTIONS: dict[str, Direction] = {"⏰": _time_passes, "⚡": _mishap, "📒": _books, "✉": _invitation}
