"""Phone numbers: which ones count as verified, and joining a person's accounts on both messengers."""

from datetime import datetime

import phonenumbers

from domain.casework import Account
from domain.refusal import Refused
from storage import followers, joining, people, supporters
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
    """Write an E.164 number as it is dialled here: 09151112233, or 0093… for another country's.

    In one piece, because groups of digits change places in a line that runs from right to left.
    """
    number = phonenumbers.parse(phone)
    if number.country_code != phonenumbers.country_code_for_region(_HOME):
        return f"00{phone.removeprefix('+')}"
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in written if letter.isdecimal())


async def vouched(tx: Transaction, account: Account, phone: str, now: datetime) -> int:
    """The messenger vouches that `phone` is the account's own: store it and join accounts of the same number.

    Returns the person the account belongs to afterwards. An account that holds a verified number already and now
    shows another is left with its person; only the number changes hands when nobody else has it. Nor is an account
    joined to somebody who has another one on the same messenger: there a number belongs to one account at a time,
    so it was given to a new subscriber, whom the old one's requests and roles do not concern.
    """
    holder = await people.holder_of_phone(tx, phone)
    if holder is None:
        await people.set_phone(tx, account.person, phone)
        return account.person
    if holder == account.person or await people.phone_of(tx, account.person) is not None:
        return account.person
    if any(other.messenger == account.messenger for other in await people.accounts_of(tx, holder)):
        return account.person
    await people.join(tx, account.id, holder)
    await joining.move_work(tx, account.person, holder, now)
    await supporters.tidy(tx, holder, now)
    await followers.tidy(tx, holder, now)
    return holder
