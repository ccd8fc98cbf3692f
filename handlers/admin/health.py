"""How the machine is, for whoever looks after it; never a citizen's words."""

from handlers.paging import menu_row
from handlers.turn import Rows, Turn, button
from services import health, team
from services.health import Health, Trouble
from storage.receivers import Standing
from texts.numbers import when
from texts.speech import Rich, known, label, lines, text


async def press(turn: Turn) -> None:
    """Show how everything is, after doing what a button says with what is stuck."""
    verb = turn.choice[2] if len(turn.choice) > 2 else ""
    done = Rich("")
    if verb == "again":
        done = text("health-again", count=(await health.try_again(turn.tx, turn.actor, turn.now)).total)
    elif verb == "aside":
        done = text("health-aside", count=(await health.put_aside(turn.tx, turn.actor, turn.now)).total)
    await _show(turn, done)


async def _show(turn: Turn, done: Rich) -> None:
    found = await health.look(turn.tx, turn.actor, turn.now)
    body = lines(
        *([done] if done else []),
        text("health-well") if found.well else text("health-not-well"),
        *(_receiver(turn, standing) for standing in found.receivers),
        text("health-queues", waiting_in=found.waiting_in, waiting_out=found.waiting_out),
        *_troubles(turn, found),
        *_people(turn, found),
    )
    rows: Rows = [[button("admin-refresh", "a:health"), *menu_row()]]
    if found.stuck:
        rows.insert(0, [button("health-try-again", "a:health:again"), button("health-put-aside", "a:health:aside")])
    await turn.say(body, buttons=rows)


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
