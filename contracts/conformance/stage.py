"""Makes what a scenario needs: a tenant with its workflow and faults, and the connector's files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from contracts.conformance.messages import line_of, messages_of, profiles_of
from contracts.conformance.scenario import Scenario
from contracts.control_client import ControlClient
from contracts.documents import parse_toml

WORKFLOW: Final = {"name": "Conformance"}
UNKNOWN_TOKEN_ID: Final = str(UUID(int=7, version=4))
OTHER_HOST: Final = "localhost"  # the mock's own, by another name than its URLs have


@dataclass(frozen=True, slots=True)
class Stage:
    """What one scenario is run on.

    Attributes:
        tenant_id: the tenant that only this scenario uses.
        workflow_id: its workflow.
        url: the URL that the connector gets.
        username: the username that the connector gets.
        token: the API token that the connector gets.
        secrets: every token that must not be shown.
        profiles: the source profiles.
        messages: the messages that are to be posted, as they were written and read again.
        dataflow: the text of the dataflow file.
        gives_messages: whether the connector gets them; else it makes them itself.
    """

    tenant_id: str
    workflow_id: str
    url: str
    username: str
    token: str
    secrets: tuple[str, ...]
    profiles: tuple[Mapping[str, Any], ...]
    messages: tuple[Mapping[str, Any], ...]
    dataflow: str
    gives_messages: bool = True

    @property
    def given_messages(self) -> tuple[Mapping[str, Any], ...]:
        """The messages that the connector gets."""
        return self.messages if self.gives_messages else ()


def set_stage(control: ControlClient, scenario: Scenario) -> Stage:
    """Create the scenario's tenant, workflow and faults, and return what the connector gets.

    Raises:
        ControlError: the mock refuses it, or does not answer.
    """
    tenant = control.create_tenant(scenario.tenant)
    workflow = control.add_workflow(tenant["id"], scenario.workflow or WORKFLOW)
    for fault in scenario.faults:
        control.add_fault(tenant["id"], placed(fault, workflow["triggerUrl"]))
    url = address_for(scenario, workflow)
    text = dataflow_text(scenario.dataflow, url, tenant["username"])
    mapping = parse_toml(text)
    profiles = profiles_of(scenario, mapping)
    token = tenant["apiToken"]
    return Stage(
        tenant_id=tenant["id"],
        workflow_id=workflow["id"],
        url=url,
        username=tenant["username"],
        token=_another(token) if scenario.has_wrong_token else token,
        secrets=(token,),
        profiles=tuple(profiles),
        messages=tuple(messages_of(profiles, mapping)),
        dataflow=text,
        gives_messages=scenario.gives_messages,
    )


def dataflow_text(name: str, url: str, username: str) -> str:
    """Return a dataflow of the suite with the address that it is exported to."""
    text = (files("contracts.conformance") / "dataflows" / f"{name}.toml").read_text("utf-8")
    return f"url = {json.dumps(url)}\nusername = {json.dumps(username)}\n{text}"


def write_files(stage: Stage, folder: Path) -> dict[str, str]:
    """Write the connector's files to a folder; return the variables that name them."""
    contents = {
        "MESSAGES": ("messages.jsonl", _lines(stage.given_messages)),
        "PROFILES": ("profiles.jsonl", _lines(stage.profiles)),
        "DATAFLOW": ("dataflow.toml", stage.dataflow),
    }
    for name, text in contents.values():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return {variable: str(folder / name) for variable, (name, _) in contents.items()}


def _lines(values: tuple[Mapping[str, Any], ...]) -> str:
    return "".join(f"{line_of(value)}\n" for value in values)


def address_for(scenario: Scenario, workflow: Mapping[str, Any]) -> str:
    """Return the URL that the connector gets, in the scenario's form (Q-URL-1 to Q-URL-5)."""
    known = str(workflow["triggerUrl"])
    match scenario.url:
        case "legacy":
            return str(workflow["legacyTriggerUrl"])
        case "upper-case":
            return known.replace("/json/", "/JSON/")
        case "more-parameters":
            return known.replace("?", "?force_isolation=true&") + "&source=a%20b"
        case "unknown":
            return f"{known.partition('=')[0]}={UNKNOWN_TOKEN_ID}"
        case _:
            return known


def placed(fault: Mapping[str, Any], trigger_url: str) -> Mapping[str, Any]:
    """Return a fault whose location, where it has one, is an address of the mock (Q-URL-4)."""
    if "location" not in fault:
        return fault
    port = urlsplit(trigger_url).port
    elsewhere = f"http://{OTHER_HOST}:{port}/elsewhere"
    return {**fault, "location": fault["location"].replace("{elsewhere}", elsewhere)}


def _another(token: str) -> str:
    """Return a token of the same length that is not this one."""
    return token[:-1] + ("a" if token[-1] != "a" else "b")
