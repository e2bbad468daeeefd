"""A file that one running server writes for others: its ready file, its certificate authority.

A start neither deletes nor replaces what another server still uses, or what no server has written.
The file is locked for as long as its server lives, so also a killed server's file is told apart
from a running one's. Where there are no such locks (Windows, some network file systems), a file
counts as one that an earlier server left behind.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from mock_qualtrics.errors import FileTakenError

_PRIVATE = 0o600


class OwnedFile:
    """A file that this server writes once it runs.

    Args:
        path: where it is to be.
        recognise: whether a content is one that an earlier server may have left behind.
        mode: the file's mode.

    Raises:
        FileTakenError: it is another running server's, or no server has written it.
        OSError: it cannot be read.
    """

    def __init__(
        self, path: Path, recognise: Callable[[bytes], bool], mode: int = _PRIVATE
    ) -> None:
        self._path = path
        self._recognise = recognise
        self._mode = mode
        self._written: tuple[os.stat_result, bytes] | None = None
        self._lock: int | None = None
        self.is_left_over = self._refuse_what_is_not_ours()

    def write(self, content: bytes) -> None:
        """Write the file atomically, in place of one that was left behind.

        Raises:
            FileTakenError: it has become another server's since.
            OSError: the folder does not exist or cannot be written; names this file.
        """
        self._refuse_what_is_not_ours()
        try:
            self._put(content)
        except OSError as error:
            self.release()
            # A full disk names no file, and other errors a temporary one.
            error.filename, error.filename2 = str(self._path), None
            raise

    def _put(self, content: bytes) -> None:
        import tempfile  # noqa: PLC0415  a start without such files must not pay for it

        # Other processes wait for the file to appear, so it must be complete when it does.
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                _set_mode(file.fileno(), self._mode)
                self._written = os.fstat(file.fileno()), content
                self._lock = _locked_copy(file.fileno())
            Path(name).replace(self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def delete(self) -> None:
        """Delete the file if it is still the one that was written, then release it."""
        if self._written is not None and self._is_unchanged(*self._written):
            with contextlib.suppress(OSError):
                self._path.unlink()
        self.release()

    def release(self) -> None:
        """Leave the file, if any, to the next server."""
        self._written = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_unchanged(self, written: os.stat_result, content: bytes) -> bool:
        try:
            return os.path.samestat(self._path.stat(), written) and (
                self._path.read_bytes() == content
            )
        except OSError:
            return False

    def _refuse_what_is_not_ours(self) -> bool:
        """Return whether there is a file that an earlier server left behind."""
        try:
            with self._path.open("rb") as file:
                if _is_locked(file.fileno()):
                    raise FileTakenError(f"{self._path}: another running server uses it")
                content = file.read()
        except FileNotFoundError:
            return False
        if content.strip() and not self._recognise(content):
            raise FileTakenError(
                f"{self._path}: no server has written it, so it is not replaced: "
                "expected no file, or one that an earlier server left behind"
            )
        return bool(content.strip())


if sys.platform == "win32":  # pragma: no cover

    def _set_mode(_: int, __: int) -> None: ...

    def _is_locked(_: int) -> bool:
        return False

    def _locked_copy(_: int) -> int | None:
        return None

else:
    import fcntl

    _set_mode = os.fchmod

    def _is_locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # this file system has no locks
            return False
        return False

    def _locked_copy(descriptor: int) -> int | None:
        """Return a descriptor of the same file that holds its lock; it ends with the process."""
        copy = os.dup(descriptor)
        with contextlib.suppress(OSError):
            fcntl.flock(copy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return copy
