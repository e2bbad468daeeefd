"""Names that users rely on stay where they are, whichever room their code is in."""

import importlib

import pytest

PUBLIC = {
    "contracts": "CONTROL_PATH Violation __version__ validate",
    "contracts.control_client": "ControlClient Page control_url_of",
    "contracts.mock_process": "MockProcess start_mock",
    "contracts.validation": "schema schema_names validate",
    "contracts.strategies": "dataflows messages profiles workflows",
    "loadtests.planning": "Assumption Attempt Band Batch Forecast MessageForecast Plan PlanError "
    "Spread Timeline assumptions_of forecast forecast_band forecast_messages",
    "mock_qualtrics": "Settings create_app serve_in_thread",
    "mock_qualtrics.server": "RunningServer serve_in_thread",
    "mock_qualtrics.testing": "Qualtrics RunsNotSeenError",
    "sender": "ADOBE_BEST_EFFORT ADOBE_CONFIGURABLE LOSSLESS Dataflow Exporter ExportStoppedError "
    "Report events",
    "sender.dataflow": "Dataflow",
    "sender.errors": "ConfigurationError DataflowError ExportStoppedError SenderError",
    "sender.events": "Announcer Event Subscriber",
    "sender.metrics": "PrometheusMetrics serve_metrics",
    "sender.profiles": "ProfileSource read_profiles",
}


@pytest.mark.parametrize("module", PUBLIC)
def test_a_public_name_is_there(module):
    found = importlib.import_module(module)
    assert [name for name in PUBLIC[module].split() if not hasattr(found, name)] == []
