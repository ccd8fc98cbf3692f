"""The administrator's menu."""

from handlers.turn import Turn, button
from texts.speech import text


async def show(turn: Turn) -> None:
    """Show what an administrator can do."""
    rows = [
        [button("admin-invite", "a:inv"), button("admin-staff", "a:staff:0")],
        [button("admin-notice", "a:notice"), button("admin-sessions-all", "a:se")],
        [button("admin-groups", "a:groups:0"), button("admin-duty", "a:du")],
        [button("admin-templates", "a:tp"), button("admin-health", "a:health")],
    ]
    await turn.say(text("admin-menu"), buttons=rows)
