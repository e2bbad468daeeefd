"""Limits and assumptions of a tenant as a form: its fields, and what it changes. No HTML."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from contracts.validation import shared_parts
from mock_qualtrics.web.pages.controls.fields import Field, number_or_text, plain, words

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant

GROUPS: Final = ("limits", "assumptions")
_BEFORE: Final = "before-"
_YES_NO: Final = ("yes", "no")


def fields(
    tenant: "Tenant",
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, list[Field]]:
    """Return the fields of both groups, with what holds now or what was given."""
    errors = errors or {}
    shown = {**_texts(tenant), **(given or {})}
    return {
        group: [
            _field(f"{group}-{name}", name, said, shown, errors)
            for name, said in shared_parts()[group]["properties"].items()
        ]
        for group in GROUPS
    }


def _texts(tenant: "Tenant") -> dict[str, str]:
    now = tenant.settings.to_mapping()
    return {
        f"{group}-{name}": _text(value) for group in GROUPS for name, value in now[group].items()
    }


def _field(
    place: str,
    name: str,
    said: Mapping[str, Any],
    shown: Mapping[str, str],
    errors: Mapping[str, str],
) -> Field:
    choices = _YES_NO if said.get("type") == "boolean" else tuple(said.get("enum", ()))
    told = plain(said["description"]), shown[place], errors.get(place, "")
    return Field(place, words(name), *told, choices, required=True)


def shown_before(tenant: "Tenant", given: Mapping[str, str]) -> dict[str, str]:
    """Return the hidden fields that say what each field held when the form was made."""
    texts = {_BEFORE + place: text for place, text in _texts(tenant).items()}
    return {name: given.get(name, text) for name, text in texts.items()}


def changes_in(form: Mapping[str, str], tenant: "Tenant") -> dict[str, dict[str, Any]]:
    """Return what a form changes, as ``tenant-patch``; the schema judges it.

    A field that nobody has touched changes nothing, also when the setting changed meanwhile.
    """
    now = tenant.settings.to_mapping()
    parts = shared_parts()
    changed: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for group in GROUPS:
        for name, said in parts[group]["properties"].items():
            place = f"{group}-{name}"
            text = form.get(place, _text(now[group][name]))
            value = _value(text, said)
            if text != form.get(_BEFORE + place) and value != now[group][name]:
                changed[group][name] = value
    return changed


def _value(text: str, said: Mapping[str, Any]) -> Any:  # noqa: ANN401  any setting's value
    if said.get("type") == "boolean":
        return {"yes": True, "no": False}.get(text, text)
    return text if "enum" in said else number_or_text(text)


def _text(value: Any) -> str:  # noqa: ANN401  any setting's value
    return _YES_NO[not value] if isinstance(value, bool) else str(value)
