"""Who people are, and what each role may see."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is towards the centre or towards one request."""

    OWNER = "owner"  # the citizen who filed the request
    SUPPORTER = "supporter"  # a citizen who joined it
    OPERATOR = "operator"  # sits at the 137 desk
    OFFICIAL = "official"  # works in a unit
    HEAD = "head"  # leads a unit
    MANAGER = "manager"  # mayor, deputy, council member
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # timers and the machine itself


STAFF = (Role.OPERATOR, Role.OFFICIAL, Role.HEAD, Role.MANAGER, Role.ADMINISTRATOR)
CITIZENS = frozenset({Role.OWNER, Role.SUPPORTER})
IN_A_UNIT = frozenset({Role.OFFICIAL, Role.HEAD})  # these need a unit; the others stand for the whole city
SEES_PHONE = frozenset({Role.OPERATOR, Role.OFFICIAL, Role.HEAD})
"""Roles that may see a citizen's number, and only on a request of their own unit (operators: on any)."""
