"""A made-up value fits the name of its attribute."""

import random
import re

import pytest

from sender.samples.values import Person, maker_for


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("order.number", r"O-\d{4}"),
        ("orderNumber", r"O-\d{4}"),
        ("ticket.id", r"T-\d{4}"),
        ("mobilePhone.number", r"01555\d{7}"),
        ("phoneNumber", r"01555\d{7}"),
        ("personalEmail.address", r"sample\d+@example\.com"),
        ("eMail", r"sample\d+@example\.com"),
        ("homeAddress.street1", r"\d+ Example Street"),
        ("homeAddress.postalCode", r"\d{5}"),
        ("homeAddress.countryCode", r"[A-Z]{2}"),
        ("homeAddress.country", r"[A-Z][a-z]+"),
        ("employment.office.city", r"[A-Z]\D+"),
        ("person.name.fullName", r"\w+ \w+"),
        ("person.name", r"\w+ \w+"),
        ("product.name", r"[a-z]+"),
        ("company.name", r"\w+ [A-Z]\w+"),
        ("employment.startDate", r"2026-01-\d\d"),
        ("order.createdAt", r"2026-01-\d\dT\d\d:00:00\.000000Z"),
        ("lastVisit.timestamp", r"2026-01-\d\dT\d\d:00:00\.000000Z"),
        ("order.currency", r"[A-Z]{3}"),
        ("loyalty.tier", r"[a-z]+"),
        ("größe", r"[a-z]+"),
        ("42", r"[a-z]+"),
        ("order.total", float),
        ("customer.lifetimeValue", float),
        ("order.discount", float),
        ("order.itemCount", int),
        ("person.age", int),
        ("loyalty.points", int),
        ("order.firstPurchase", bool),
        ("order.isGift", bool),
        ("consent.optIn", bool),
    ],
)
def test_a_value_fits_the_name_of_its_attribute(source: str, value: str | type) -> None:
    person = Person(7, "Dave", "Berg", random.Random(1))
    made = maker_for(tuple(source.split(".")))(person)
    if isinstance(value, type):
        assert type(made) is value
    else:
        assert re.fullmatch(value, made), made
