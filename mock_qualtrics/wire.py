"""Acts on the connection itself: what HTTP alone cannot say."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT_KEY = "mock_qualtrics.transport"


class WireProtocol(HttpToolsProtocol):
    """uvicorn's fast protocol, with the connection's transport in every scope."""

    def on_message_begin(self) -> None:
        """Start a request's scope."""
        super().on_message_begin()
        self.scope[TRANSPORT_KEY] = self.transport  # type: ignore[typeddict-unknown-key]
