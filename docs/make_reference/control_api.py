"""The page of the control API: each call with its parameters, a curl line and an answer."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.openapi import one_file

METHODS: Final = ("get", "post", "patch", "put", "delete")
_HOST: Final = "http://127.0.0.1:8084"
_VARIABLES: Final = {  # what stands for an id in the curl lines
    "tenant_id": "$TENANT",
    "workflow_id": "$WORKFLOW",
    "run_id": "$RUN",
    "fault_id": "$FAULT",
    "request_id": "$REQUEST",
}
_SHOWN_CHARACTERS: Final = 800  # of an example answer


def calls() -> Iterator[str]:
    """Yield the section of each call of the control API, in the order of the OpenAPI document."""
    document = one_file()
    for path, item in document["paths"].items():
        for method in METHODS:
            if "control" in item.get(method, {}).get("tags", ()):
                yield from _call(document, path, method, item)


def _call(
    document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]
) -> Iterator[str]:
    operation = item[method]
    yield f"## `{method.upper()} {path}`"
    yield f"{operation['summary']}."
    if "description" in operation:
        yield str(operation["description"])
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    yield _parameters(document, [_resolved(document, parameter) for parameter in parameters])
    yield "```sh\n" + curl(path, method, _body(operation)) + "\n```"
    yield from _answer(document, operation)


def _parameters(document: Mapping[str, Any], parameters: list[Mapping[str, Any]]) -> str:
    rows = [_parameter(document, each) for each in parameters if each["in"] == "query"]
    return "\n".join(["| parameter | meaning |", "|---|---|", *rows]) if rows else ""


def _parameter(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> str:
    described = [parameter, _resolved(document, parameter["schema"])]
    meaning = next((each["description"] for each in described if "description" in each), "")
    return f"| `{parameter['name']}` | {meaning} |"


def curl(path: str, method: str, body: object) -> str:
    """Return the line that makes a call; ids are shell variables."""
    for name, variable in _VARIABLES.items():
        path = path.replace(f"{{{name}}}", variable)
    url = _HOST + path
    words = ["curl", *(["-X", method.upper()] if method != "get" else []), f'"{url}"']
    if body is not None:
        words += ["-H", "'Content-Type: application/json'"]
        words += ["-d", shlex.quote(json.dumps(body, ensure_ascii=False))]
    return " ".join(words)


def _body(operation: Mapping[str, Any]) -> object:
    if "requestBody" not in operation:
        return None
    return _example(operation["requestBody"]["content"]["application/json"])


def _answer(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    status, response = next(iter(operation["responses"].items()))
    response = _resolved(document, response)
    yield f"Answers {status}: {response['description'][:1].lower()}{response['description'][1:]}"
    content = response.get("content", {}).get("application/json")
    example = None if content is None else _example(content)
    if example is None:
        return
    text = json.dumps(example, indent=2, ensure_ascii=False)
    if len(text) <= _SHOWN_CHARACTERS:
        yield f"```json\n{text}\n```"


def _example(content: Mapping[str, Any]) -> object:
    examples = content.get("examples", {})
    return content.get("example", next((each["value"] for each in examples.values()), None))


def _resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = value
    while "$ref" in found:
        name = found["$ref"]
        found = document
        for key in name.removeprefix("#/").split("/"):
            found = found[key]
    return found  # type: ignore[no-any-return]
