"""An extra that is not installed is named."""

import builtins
import importlib
import sys

import pytest

from sender.errors import MissingExtraError


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [
        ("sender.metrics", "prometheus_client", "prometheus"),
        ("sender.transport.curl_transport", "pycurl", "fast"),
    ],
)
def test_a_missing_extra_is_named(monkeypatch, module, missing, extra):
    real_import = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == missing:
            raise ImportError(name)
        return real_import(name, *rest)

    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=rf"mock-qualtrics\[{extra}\]"):
        importlib.import_module(module)
