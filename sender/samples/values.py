"""Sample values that fit an attribute's name: ``order.number`` is not a telephone number.

The kind of value is guessed from the last words of the path; an unknown name gets a plain word.
:mod:`sender.samples.profiles` makes profiles from these values.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

GIVEN_NAMES = ("Ada", "Björn", "Chloé", "Dave", "Elif", "Farah", "Goran", "Hana", "Ines", "Jun")
FAMILY_NAMES = ("Almeida", "Berg", "Çelik", "Dubois", "Novák", "Okafor", "Petrović", "Sato")

_CITIES = ("Berlin", "Kraków", "Lisboa", "Málaga", "Oslo", "Québec", "Zürich")
_COUNTRIES = ("Canada", "Germany", "Norway", "Poland", "Portugal", "Spain", "Switzerland")
_WORDS = ("amber", "basic", "copper", "gold", "silver", "willow")
_FIRST_CODE = 1001
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Person:
    """The person of one sample profile, and the source of its other values."""

    number: int
    given_name: str
    family_name: str
    rng: random.Random

    @property
    def email(self) -> str:
        """A fictional e-mail address."""
        return f"sample{self.number}@example.com"


Maker = Callable[[Person], str | int | float | bool]


def maker_for(path: tuple[str, ...]) -> Maker:
    """Return the function that makes values for the attribute at a path.

    Example:
        >>> dave = Person(6, "Dave", "Berg", random.Random(1))
        >>> maker_for(("order", "number"))(dave), maker_for(("mobilePhone", "number"))(dave)
        ('O-1007', '015550000006')
    """
    words = " . ".join(" ".join(_NAME_WORD.findall(name)).lower() for name in path)
    for pattern, maker in _MAKERS:
        if pattern.search(words):
            return maker
    if _CODE.search(words):
        return _codes(path)
    return _one_of(*_WORDS)


def _codes(path: tuple[str, ...]) -> Maker:
    """Return a maker of numbers such as ``O-1001`` for an order's."""
    owner = path[-2] if len(path) > 1 else path[-1]
    letter = owner[:1].upper()
    return lambda person: f"{letter}-{_FIRST_CODE + person.number}"


def _one_of(*values: str | bool) -> Maker:
    return lambda person: person.rng.choice(values)


def _between(low: int, high: int) -> Maker:
    return lambda person: person.rng.randint(low, high)


def _hundredths(low: int, high: int) -> Maker:
    return lambda person: person.rng.randint(low, high) / 100


def _date(person: Person) -> str:
    return f"2026-01-{person.rng.randint(1, 28):02d}"


def _instant(person: Person) -> str:
    return f"{_date(person)}T{person.rng.randint(0, 23):02d}:00:00.000000Z"


def _full_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def _street(person: Person) -> str:
    return f"{person.number % 200 + 1} Example Street"


def _phone(person: Person) -> str:
    return f"01555{person.number:07d}"


_FLAG = _one_of(True, False)
_MONEY = _hundredths(100, 99_999)
_COMPANY = _one_of("Example Ltd", "Sample GmbH", "Placeholder SA")
_PRODUCT = _one_of("chair", "lamp", "teapot", "umbrella")

# The first pattern that matches the end of the path decides, so specific ones come first.
_MAKERS = tuple(
    (re.compile(rf"(?:^|(?<= ))(?:{words})$"), maker)
    for words, maker in (
        (r"(?:is|has|was|did|can) [a-z ]+|first purchase|(?:opt|opted) (?:in|out)", _FLAG),
        (r"remote|member|active|subscribed|blocked|enabled|verified|returning", _FLAG),
        (r"(?:first|given) name|forename", lambda person: person.given_name),
        (r"(?:last|family) name|surname", lambda person: person.family_name),
        (r"(?:company|employer|organi[sz]ation|brand)(?: \.)?(?: name)?", _COMPANY),
        (r"(?:product|item|article)(?: \.)?(?: name)?", _PRODUCT),
        (r"name", _full_name),
        (r"(?:e ?)?mail(?:(?: \.)? address)?", lambda person: person.email),
        (r"(?:phone|mobile|telephone|fax)(?: \.)?(?: number)?", _phone),
        (r"(?:postal|post|zip) code|postcode|zip", lambda person: f"{10_115 + person.number}"),
        (r"country code", _one_of("CA", "DE", "NO", "PL", "PT", "ES", "CH")),
        (r"country", _one_of(*_COUNTRIES)),
        (r"city|town|office|store|branch|location", _one_of(*_CITIES)),
        (r"street(?: \d+| name)?|address(?: line)?(?: \d+)?", _street),
        (r"currency(?: code)?", _one_of("CAD", "EUR", "NOK", "PLN")),
        (r"language|locale", _one_of("de-DE", "en-GB", "fr-CA", "pl-PL")),
        (r"time ?zone", _one_of("America/Toronto", "Europe/Berlin", "Europe/Oslo")),
        (r"time ?stamp|time|[a-z]+ at", _instant),
        (r"date|day|birthday|dob", _date),
        (r"year", _between(2020, 2026)),
        (r"age", _between(18, 80)),
        (r"total|subtotal|price|amount|revenue|cost|value|spend|balance|discount|tax", _MONEY),
        (r"rate|ratio|share|probability", _hundredths(0, 100)),
        (r"rating|stars", _between(1, 5)),
        (r"points|score", _between(0, 5_000)),
        (r"hours", _between(10, 40)),
        (r"count|items|quantity|orders|visits|nights|days|purchases|children", _between(1, 9)),
        (r"url|link|web ?site", lambda person: f"https://www.example.com/{person.number}"),
        (r"gender", _one_of("female", "male", "non_binary")),
        (r"team|department", _one_of("Engineering", "Sales", "Support")),
        (r"job(?: title)?|role|position|title", _one_of("advisor", "analyst", "engineer")),
        (r"channel", _one_of("app", "store", "web")),
    )
)
_CODE = re.compile(r"(?:^|(?<= ))(?:number|no|id|code|reference|sku|key)$")
