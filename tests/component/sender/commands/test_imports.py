"""What a command loads before it does anything: its user waits for that."""

import subprocess
import sys

import pytest

import sender


@pytest.mark.parametrize("command", ["preview", "sample_profiles"])
def test_a_command_that_sends_nothing_loads_nothing_that_sends(command):
    unwanted = "{'requests', 'sender.exporter'} & sys.modules.keys()"
    program = f"import sys, sender.commands.{command}; sys.exit(str({unwanted} or ''))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stderr == b"\n"  # the empty text that it ended with


def test_the_package_has_its_public_names_and_no_others():
    assert [name for name in sender.__all__ if getattr(sender, name, None) is None] == []
    with pytest.raises(AttributeError, match="no attribute 'Importer'"):
        _ = sender.Importer
