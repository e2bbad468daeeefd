"""What SECURITY.md says of purging: what a reset deletes is in no file of the store any more."""

import json
from pathlib import Path

from support import start_mock

NAME = "Zebedee"


def files_that_hold(folder: Path, text: str) -> list[str]:
    files = sorted(folder.glob("mock.sqlite*"))
    assert files
    return [path.name for path in files if text.encode() in path.read_bytes()]


def test_what_a_reset_deletes_is_gone_from_the_files(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/mock.sqlite")
    with start_mock(*store) as mock:
        mock.post_event(json.dumps({"name": NAME})).raise_for_status()
        mock.wait(succeeded=1)
        mock.stop()
    assert files_that_hold(tmp_path, NAME) == ["mock.sqlite"]
    with start_mock(*store) as mock:
        mock.control.reset(mock.tenant_id)
        mock.stop()
    assert files_that_hold(tmp_path, NAME) == []
