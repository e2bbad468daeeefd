"""What is refused before anything is sent."""

from dataclasses import replace

import pytest

from loadtests.running.options.run_options import OptionsError

pytestmark = pytest.mark.qualtrics(clock="real")


def test_a_threshold_about_runs_needs_a_mock(load) -> None:
    process = load("--profiles", "1", "--threshold", "duplicates==0")
    elsewhere = replace(process.target, mock=None)
    assert elsewhere.totals() is None
    with pytest.raises(OptionsError, match="--threshold duplicates==0: found a target that is no"):
        elsewhere.check(process.options)


@pytest.fixture
def places(qualtrics, tmp_path) -> dict[str, str]:
    """Return a page that is no destination, and a file whose times run backwards."""
    (tmp_path / "backwards").write_text("1\n0.5\n", "utf-8")
    (tmp_path / "forwards").write_text("0.5\n1\n", "utf-8")
    page = qualtrics.trigger_url.partition("/inbound-event")[0] + "/runs"
    files = {name: str(tmp_path / name) for name in ("backwards", "forwards")}
    return {"page": page, **files}


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        (("--arrivals", "{backwards}"), {}, "backwards:2: found 0.5 after 1, expected times"),
        (("--arrivals", "{forwards}", "--workload", "spike"), {}, "beside --workload spike"),
        (("--arrivals", "{forwards}", "--report", "{forwards}"), {}, "it is given to be read"),
        (("--report-json", "{forwards}/x"), {}, "is a file; expected a folder"),
        (("--profiles", "0"), {}, "profiles: found 0, expected a whole number"),
        (("--dataflow", "{forwards}"), {}, "forwards"),
        (("--dataflow", "{forwards}x"), {}, "cannot be read"),
        (("--policy", "none", "--retry-after", "1"), {}, "--policy none makes no retries"),
        ((), {"QUALTRICS_URL": "http://127.0.0.1:1/x"}, "does it run, and at this address?"),
        ((), {"QUALTRICS_URL": "{page}"}, "no workflow of the mock has the URL"),
        (("--control-url", "there"), {}, "--control-url: found no URL"),
        ((), {"QUALTRICS_URL": "https://example.com/x"}, "--i-own-this-target"),
        ((), {"QUALTRICS_API_TOKEN": ""}, "set QUALTRICS_API_TOKEN"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    load, places, monkeypatch, words, variables, message
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(**places))
    with pytest.raises(OptionsError) as refused:
        load(*(word.format(**places) for word in words))
    assert message in str(refused.value)
