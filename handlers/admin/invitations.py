"""Inviting staff: role, unit, link; and the list of links that still work."""

from domain.messages import Button
from domain.refusal import Refused
from domain.roles import BOUND, IN_A_UNIT, STAFF, Role
from handlers.admin import units
from handlers.paging import in_twos, menu_row, page, turning
from handlers.turn import Turn, button, number
from services import team
from services.team import Offer
from texts.numbers import when
from texts.speech import Rich, label, lines, text


async def invite(turn: Turn) -> None:
    """Lead from the role over the unit to the link: "a:inv[:<role>[:<unit or page>]]"."""
    role_name, place = [*turn.choice[2:4], "", ""][:2]
    if not role_name:
        await _ask_role(turn)
        return
    if role_name not in STAFF:
        raise Refused("unknown-role", role=role_name)
    role = Role(role_name)
    if role in IN_A_UNIT and units.is_way(place):
        await units.ask(turn, f"a:inv:{role}", place, above=text("admin-inviting", role=label(f"role-{role}")))
        return
    if role is Role.DEPUTY and not place:
        await _ask_post(turn)
        return
    await _offer(turn, role, place)


async def _ask_post(turn: Turn) -> None:
    """Ask which of the deputies that the city pack names."""
    posts = [Button(label=d.title, data=f"a:inv:{Role.DEPUTY}:{d.slug}") for d in turn.centre.city.deputies]
    above = text("admin-which-deputy") if posts else text("admin-no-deputies")
    await turn.say(above, buttons=[*([post] for post in posts), menu_row()])


async def _ask_role(turn: Turn) -> None:
    rows = in_twos([button(f"role-{role}", f"a:inv:{role}") for role in STAFF])
    open_links = [button("admin-open-invitations", "a:open:0")]
    await turn.say(text("admin-which-role"), buttons=[*rows, open_links, menu_row()])


async def _offer(turn: Turn, role: Role, unit: str) -> None:
    made = await team.offer(turn.tx, turn.centre, turn.actor, role, unit if role in BOUND else "", turn.now)
    if made is None:
        await turn.sorry(Refused("invitation-just-made"))
        return
    title = team.role_title(turn.centre, role, unit if role in BOUND else "")
    await turn.say(_letter(turn, made, title))
    rows = [
        [button("admin-revoke", f"a:rev:{made.number}", number=made.number), button("admin-invite-more", "a:inv")],
        menu_row(),
    ]
    await turn.say(text("admin-invited", role=title, number=made.number), buttons=rows)


def _letter(turn: Turn, made: Offer, title: str) -> Rich:
    """What the administrator passes on to the colleague as it is."""
    links = [
        text("admin-letter-link", messenger=label(f"messenger-{messenger}"), link=link)
        for messenger, link in made.links.items()
        if link
    ]
    until = when(made.expires_at, turn.centre.zone, turn.now)
    return lines(
        text("admin-letter", centre=turn.centre.city.title, role=title, until=until),
        *(links or [text("admin-letter-command", payload=made.payload)]),
    )


async def show_open(turn: Turn) -> None:
    """List the links that still work: "a:open:<page>"."""
    shown = page(await team.open_invitations(turn.tx, turn.actor, turn.now), number(turn.choice[2]))
    if not shown.items:
        await turn.say(text("admin-no-invitations"), buttons=[[button("admin-invite", "a:inv")], menu_row()])
        return
    listed = [
        text(
            "admin-invitation-line",
            number=invitation.id,
            role=team.role_title(turn.centre, invitation.role, invitation.unit),
            until=when(invitation.expires_at, turn.centre.zone, turn.now),
        )
        for invitation in shown.items
    ]
    rows = in_twos([button("admin-revoke", f"a:rev:{i.id}", number=i.id) for i in shown.items])
    buttons = [*rows, *turning(shown, "a:open:"), menu_row()]
    await turn.say(lines(text("admin-open-list"), *listed), buttons=buttons)


async def revoke(turn: Turn) -> None:
    """Make a link worthless: "a:rev:<number>"."""
    invitation = await team.revoke(turn.tx, turn.actor, number(turn.choice[2]), turn.now)
    title = team.role_title(turn.centre, invitation.role, invitation.unit)
    rows = [[button("admin-open-invitations", "a:open:0"), *menu_row()]]
    await turn.say(text("admin-revoked", number=invitation.id, role=title), buttons=rows)
