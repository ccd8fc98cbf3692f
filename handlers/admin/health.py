"""How the machine is, for whoever looks after it; never a citizen's words."""

from handlers.paging import menu_row
from handlers.turn import Turn, button
from services import health, team
from services.health import Health, Trouble
from storage.receivers import Standing
from texts.numbers import when
from texts.speech import Rich, known, label, lines, text


async def show(turn: Turn) -> None:
    """Show connections, queues, and what went wrong."""
    found = await health.look(turn.tx, turn.actor, turn.now)
    body = lines(
        text("health-well") if found.well else text("health-not-well"),
        *(_receiver(turn, standing) for standing in found.receivers),
        text("health-queues", waiting_in=found.waiting_in, waiting_out=found.waiting_out),
        *_troubles(turn, found),
        *_people(turn, found),
    )
    await turn.say(body, buttons=[[button("admin-refresh", "a:health"), *menu_row()]])


def _receiver(turn: Turn, standing: Standing) -> Rich:
    name = label(f"messenger-{standing.messenger}")
    if standing.health == "ok":
        last = standing.last_update_at
        heard = when(last, turn.centre.zone, turn.now) if last else label("health-nothing-yet")
        return text("health-connected", messenger=name, heard=heard)
    why = f"health-why-{standing.health}"
    since = when(standing.health_since or turn.now, turn.centre.zone, turn.now)
    reason = label(why) if known(why) else standing.health
    return text("health-not-connected", messenger=name, since=since, reason=reason)


def _troubles(turn: Turn, found: Health) -> list[Rich]:
    listed: list[Rich] = [text("health-quarantined", count=found.quarantined)]
    listed += [_trouble(turn, trouble) for trouble in found.newest_quarantined]
    listed.append(text("health-dead", count=found.dead))
    listed += [_trouble(turn, trouble) for trouble in found.newest_dead]
    if found.failed_timers:
        listed.append(text("health-timers", count=found.failed_timers))
    return listed


def _trouble(turn: Turn, trouble: Trouble) -> Rich:
    return text(
        "health-trouble",
        number=trouble.number,
        messenger=label(f"messenger-{trouble.messenger}"),
        at=when(trouble.at, turn.centre.zone, turn.now),
        problem=trouble.problem,
    )


def _people(turn: Turn, found: Health) -> list[Rich]:
    counts = [
        text("health-unreachable", messenger=label(f"messenger-{messenger}"), count=count)
        for messenger, count in sorted(found.unreachable.items())
    ]
    lost = [
        text("health-group-lost", group=group.title, unit=team.unit_title(turn.centre, group.unit))
        for group in found.lost_groups
    ]
    return [*(counts or [text("health-all-reachable")]), *lost]
