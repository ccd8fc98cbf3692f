"""Every button, command and answer of the administrator on one page."""

from handlers.admin import duty, groups, health, invitations, menu, notices, people, sessions, templates, units
from handlers.admin.guard import Handler, answer, screen

PRESSED: dict[str, Handler] = {
    r"^a:menu$": screen(menu.show),
    r"^a:inv(:|$)": screen(invitations.invite),
    r"^a:open:\d+$": screen(invitations.show_open),
    r"^a:rev:\d+$": screen(invitations.revoke),
    r"^a:staff:\d+$": screen(people.show),
    r"^a:mem:\d+$": screen(people.show_one),
    r"^a:end:\d+(:yes)?$": screen(people.remove),
    r"^a:groups:\d+$": screen(groups.show),
    r"^a:g:": screen(groups.decide, in_groups=True),
    r"^a:notice(:|$)": screen(notices.press),
    r"^a:se(:|$)": screen(sessions.press),
    r"^a:tp(:|$)": screen(templates.press),
    r"^a:health(:again|:aside)?$": screen(health.press),
    r"^a:du(:|$)": screen(duty.show),
}

COMMANDS: dict[str, Handler] = {
    "admin": screen(menu.show),
    "unit": groups.command,
}

AWAITED: dict[str, Handler] = {
    units.AWAITED: answer(units.typed),
    people.AWAITED: answer(people.typed),
    notices.AWAITED: answer(notices.typed),
    sessions.AWAITED: answer(sessions.typed),
    templates.AWAITED: answer(templates.typed),
}
