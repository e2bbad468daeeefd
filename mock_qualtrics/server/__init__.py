"""The ASGI server: connections, fast path, group commit, connection faults, TLS."""

from mock_qualtrics.server.server import RunningServer, serve_in_thread

__all__ = ["RunningServer", "serve_in_thread"]
