"""Filling a draft's slots from whatever a citizen sends; nothing here reads or writes the database."""

from typing import Literal

from domain.city import City
from domain.draft import MAX_PHOTOS, MAX_WORDS, Asking, Part, Place, Slots
from domain.refusal import Refused
from nlp import forms, map_links
from nlp.understanding import Reading
from services.centre import Centre

MAX_ADDRESS = 300
_LONGEST_ADDRESS = 25  # words
_MOSTLY = 0.6  # share of the letters that make a text an address
_READ_FIRST, _READ_LAST = 1000, 500
"""Letters of a long letter that are read for subject and place: the core stands early, the address often last."""
_LONGEST_SECOND = 200
_LEAST_FOUND = 0.05
"""From this probability on a subject is shown to somebody who looks for one by words."""
_SHORTEST_BEGINNING = 3
LIKELY = 0.6
"""From this probability on a subject is proposed with the next question, where one tap corrects it; below, we ask."""


def position_problem(city: City, lat: float, lon: float) -> str:
    """Return the key of what is wrong with a position, or an empty string."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (abs(lat) < 0.01 and abs(lon) < 0.01):
        return "position-empty"
    return "" if city.contains(lat, lon) else "position-outside"


def take_position(
    centre: Centre,
    slots: Slots,
    lat: float,
    lon: float,
    *,
    source: Literal["pin", "link", "photo"] = "pin",
    address: str = "",
) -> None:
    """Put a position into the place slot; raises Refused("position-empty" or "position-outside")."""
    problem = position_problem(centre.city, lat, lon)
    if problem:
        raise Refused(problem, city=centre.city.name)
    district = centre.city.district_at(lat, lon)
    near = centre.city.nearest_neighbourhood(lat, lon)
    slots.place = Place(
        lat=lat,
        lon=lon,
        address=address[:MAX_ADDRESS] or slots.place.address or slots.suggested_address or (near.name if near else ""),
        district=district.code if district else None,
        district_by="map" if district else "",
        source=source,
    )
    slots.district_skipped = False


def take_address(centre: Centre, slots: Slots, text: str) -> None:
    """Put typed words, or a map link, into the place slot; raises Refused for a link that cannot be read."""
    position = map_links.position(text)
    if position is not None:
        take_position(centre, slots, position[0], position[1], source="link")
        return
    if map_links.has_short_link(text):
        raise Refused("short-link")
    address = " ".join(forms.display(text).split())[:MAX_ADDRESS]
    if not any(letter.isalpha() for letter in address):
        raise Refused("address-unclear")
    mention = next((m for m in centre.understanding.read(text).mentions if m.district), None)
    slots.place = Place(
        address=address,
        district=mention.district if mention else None,
        district_by="name" if mention else "",
        source="typed",
    )
    slots.district_skipped = False


def take_suggested_address(slots: Slots) -> None:
    """Accept the address that was found in the citizen's own words."""
    if not slots.suggested_address:
        raise Refused("old-button")
    slots.place = Place(
        address=slots.suggested_address,
        district=slots.suggested_district,
        district_by="name" if slots.suggested_district else "",
        source="text",
    )
    slots.district_skipped = False


def take_words(centre: Centre, slots: Slots, text: str, message: int) -> bool:
    """Append a message of words and read them anew; False when some of them were cut off."""
    words = forms.clean(text).strip()
    room = MAX_WORDS - len(slots.text)
    if words and room > 0:
        slots.words.append(Part(message=message, text=words[:room]))
        understand(centre, slots)
    return len(words) <= room


def read_words(centre: Centre, slots: Slots, text: str, message: int) -> Reading:
    """Put the only words into empty slots, as many as fit, and return how they were read."""
    slots.words = [Part(message=message, text=forms.clean(text).strip()[:MAX_WORDS])]
    return understand(centre, slots)


def change_words(centre: Centre, slots: Slots, text: str, message: int) -> bool:
    """Follow a citizen's edit of an earlier message; False when that message is not part of the draft."""
    for part in slots.words:
        if part.message == message:
            part.text = forms.clean(text).strip()[:MAX_WORDS]
            understand(centre, slots)
            return True
    return False


def tells_of_danger(centre: Centre, words: str) -> bool:
    """Tell whether words that were meant for something else sound like danger."""
    return bool(words) and centre.understanding.read(words).danger is not None


def understand(centre: Centre, slots: Slots) -> Reading:
    """Read all the words: propose subject, address, danger; never overrule what the citizen chose."""
    text = slots.text
    whole = len(text) <= _READ_FIRST + _READ_LAST
    reading = centre.understanding.read(text if whole else f"{text[:_READ_FIRST]}\n{text[-_READ_LAST:]}")
    slots.guesses = [(guess.slug, guess.p) for guess in reading.guesses]
    slots.model = reading.model
    slots.danger = reading.danger.kind if reading.danger else ""
    slots.second = reading.second.slug if reading.second else None
    slots.second_words = reading.second.words[:_LONGEST_SECOND] if reading.second else ""
    if slots.subject_by in ("machine", ""):
        proposed = reading.guesses[0] if reading.guesses else None
        likely = proposed is not None and (reading.sure or (reading.kind == "request" and proposed.p >= LIKELY))
        slots.subject = proposed.slug if proposed and likely else None
        slots.subject_by = "machine" if likely else ""
    mention = reading.mentions[0] if reading.mentions else None
    slots.suggested_address = mention.address[:MAX_ADDRESS] if mention else ""
    slots.suggested_district = mention.district if mention else None
    if reading.position and not slots.place.known and not position_problem(centre.city, *reading.position):
        take_position(centre, slots, reading.position[0], reading.position[1], source="link")
    return reading


def take_photo(slots: Slots, media: int) -> None:
    """Add a photo; raises Refused("photos-full") beyond the most a request may carry."""
    if media in slots.photos:
        return
    if len(slots.photos) >= MAX_PHOTOS:
        raise Refused("photos-full", most=MAX_PHOTOS)
    slots.photos.append(media)


def take_file(slots: Slots, media: int) -> None:
    """Add a voice message, a video or a document; raises Refused("photos-full")."""
    if media in slots.files:
        return
    if len(slots.files) >= MAX_PHOTOS:
        raise Refused("photos-full", most=MAX_PHOTOS)
    slots.files.append(media)


def take_phone(slots: Slots, phone: str, *, verified: bool) -> None:
    """Put a number into the contact slot; of a caller it is also how they are known again."""
    slots.phone, slots.phone_verified = phone, verified
    if slots.caller is not None:
        slots.caller.phone = phone


def choose_subject(centre: Centre, slots: Slots, slug: str | None) -> None:
    """Set the citizen's own choice; None leaves it to the desk."""
    if slug is not None and slug not in {subject.slug for subject in centre.city.subjects}:
        raise Refused("old-button")
    slots.subject, slots.subject_by = slug, "citizen" if slug else "desk"


def choose_district(centre: Centre, slots: Slots, code: str | None) -> None:
    """Set the district the citizen named; None means that they do not know it."""
    if code is not None and code not in {district.code for district in centre.city.districts}:
        raise Refused("old-button")
    slots.place.district, slots.place.district_by = code, "citizen" if code else ""
    slots.district_skipped = code is None


def forget(slots: Slots, question: Asking) -> None:
    """Empty the slot behind a question, so that it is asked again."""
    if question is Asking.WORDS:
        slots.words = []
    elif question is Asking.SUBJECT:
        slots.subject, slots.subject_by = None, ""
    elif question is Asking.PLACE:
        slots.place, slots.district_skipped = Place(), False
    elif question is Asking.DISTRICT:
        slots.place.district, slots.district_skipped = None, False


def looks_like_address(centre: Centre, words: str) -> bool:
    """Tell whether words answer «where is it» rather than go on with the story."""
    if map_links.position(words) or map_links.has_short_link(words):
        return True
    spoken = words.split()
    if len(spoken) > _LONGEST_ADDRESS:
        return False
    reading = centre.understanding.read(words)
    if reading.mentions and len(reading.mentions[0].address) >= _MOSTLY * len(words.strip()):
        return True
    if reading.sure:  # «the rubbish at the corner of Sajjad 12»: a place in passing
        return False
    return bool(reading.mentions) or any(letter.isdecimal() for letter in words)


def find_district(centre: Centre, words: str) -> str | None:
    """Find the one district that a short answer names: by its number, its name, or the word that only its name has."""
    said = set(forms.folded(words).split())
    named = {d.code: {forms.folded(d.code), *forms.folded(d.name).split()} for d in centre.city.districts}
    fitting = [code for code, name in named.items() if said and said <= name]
    return fitting[0] if len(fitting) == 1 else None


def find_subjects(centre: Centre, words: str, most: int = 6) -> list[str]:
    """Find subjects by words a citizen types: in titles and phrases first, then by meaning."""
    said = centre.understanding.persian(words)
    wanted = {word for word in forms.folded(said).split() if len(word) > 1}
    scored: list[tuple[int, str]] = []
    for subject in centre.city.subjects:
        title = set(forms.folded(subject.title).split())
        phrases = {word for phrase in subject.phrases for word in forms.folded(phrase).split()}
        score = sum(3 if _begins(word, title) else 1 for word in wanted if _begins(word, title | phrases))
        if score:
            scored.append((-score, subject.slug))
    found = [slug for _, slug in sorted(scored)][:most]
    guessed = [guess.slug for guess in centre.understanding.read(words).guesses if guess.p >= _LEAST_FOUND]
    return list(dict.fromkeys(found[: most - 2] + guessed + found))[:most]


def _begins(word: str, words: set[str]) -> bool:
    """Tell whether one of the words is this one, or begins with it: people stop typing early."""
    return word in words or (len(word) >= _SHORTEST_BEGINNING and any(one.startswith(word) for one in words))
