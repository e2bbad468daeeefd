"""What the help of each command does without."""

import subprocess
import sys

import pytest

SLOW = {"flask", "hypothesis", "jinja2", "jsonschema", "referencing", "sqlalchemy", "uvicorn"}


@pytest.mark.parametrize("command", ["mock_qualtrics", "sender", "contracts"])
def test_help_loads_no_schemas_no_server_and_no_pages(command: str):
    program = (
        f"import sys, {command}.cli as cli; cli.main(['--help'], standalone_mode=False); "
        f"print('loaded:', *sorted({SLOW!r}.intersection(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.splitlines()[-1] == "loaded:"
