"""Who people are, and what each role may see."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is towards the centre or towards one request."""

    OWNER = "owner"  # the citizen who filed the request
    SUPPORTER = "supporter"  # a citizen who joined it
    OPERATOR = "operator"  # sits at the 137 desk
    INSPECTOR = "inspector"  # of the desk: looks into what was objected to again and again
    OFFICIAL = "official"  # works in a unit
    HEAD = "head"  # leads a unit
    DEPUTY = "deputy"  # answers for several units
    MANAGER = "manager"  # mayor, deputy, council member
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # timers and the machine itself


STAFF = (
    Role.OPERATOR,
    Role.INSPECTOR,
    Role.OFFICIAL,
    Role.HEAD,
    Role.DEPUTY,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)
CITIZENS = frozenset({Role.OWNER, Role.SUPPORTER})
IN_A_UNIT = frozenset({Role.OFFICIAL, Role.HEAD})  # these need a unit; the others stand for the whole city
BOUND = IN_A_UNIT | {Role.DEPUTY}  # held for a unit, or as one of the deputies that the city pack names
AT_THE_DESK = frozenset({Role.OPERATOR, Role.INSPECTOR})
READS_CARDS = IN_A_UNIT | AT_THE_DESK
"""Roles that may read a request's card, and see the citizen's number: their own unit's requests, the desk all."""
