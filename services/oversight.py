"""What deputies and managers see of a request that they were warned of: its card without numbers and buttons."""

from datetime import datetime

from domain.casework import Actor, Request
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import Role
from services import cards
from services.centre import Centre
from storage.database import Transaction
from texts.speech import label

LOOK = "seen-above"


def button(request: Request) -> list[list[Button]]:
    """Offer a look at the request."""
    return [[Button(label=label("button-look-from-above"), data=f"w:{request.code}:{LOOK}")]]


def _answers_for(centre: Centre, actor: Actor, unit: str) -> bool:
    posts = {post.slug for post in centre.city.deputies_of(unit)}
    held = actor.memberships
    return any(one.role is Role.MANAGER or (one.role is Role.DEPUTY and one.unit in posts) for one in held)


async def look(tx: Transaction, centre: Centre, actor: Actor, request: Request, now: datetime) -> Message:
    """Draw the request for somebody above its unit; raises Refused("not-staff") for everybody else."""
    if not _answers_for(centre, actor, request.unit):
        raise Refused("not-staff")
    sight = await cards.look(tx, centre, request)
    drawn = cards.face(centre, request, sight, frozenset(), now, viewer=actor.person, masked=True)
    return drawn.model_copy(update={"buttons": []})
