"""Phone numbers: which ones count as verified, and joining a person's accounts on both messengers."""

import phonenumbers

from domain.casework import Account
from domain.refusal import Refused
from storage import people
from storage.database import Transaction

_HOME = "IR"


def parsed_phone(typed: str, home: str = _HOME) -> str:
    """Return a number in E.164 from any spelling (98…, +98…, 09…, Persian digits); raises Refused("phone-unclear")."""
    latin = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in typed)
    spelled = f"+{latin}" if latin.strip().startswith("98") and len(latin.strip()) == 12 else latin
    try:
        number = phonenumbers.parse(spelled, home)
    except phonenumbers.NumberParseException:
        raise Refused("phone-unclear") from None
    if not phonenumbers.is_valid_number(number):
        raise Refused("phone-unclear")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(phone: str) -> str:
    """Write an E.164 number as people dial it: 0915 111 2233."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


async def vouched(tx: Transaction, account: Account, phone: str) -> int:
    """The messenger vouches that `phone` is the account's own: store it and join accounts of the same number.

    Returns the person the account belongs to afterwards. An account that holds a verified number already and now
    shows another is left with its person; only the number changes hands when nobody else has it.
    """
    holder = await people.holder_of_phone(tx, phone)
    if holder is None:
        await people.set_phone(tx, account.person, phone)
        return account.person
    if holder != account.person and await people.phone_of(tx, account.person) is None:
        await people.join(tx, account.id, holder)
        return holder
    return account.person
