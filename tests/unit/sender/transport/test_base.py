"""What an endpoint shows of itself."""


def test_an_endpoint_shows_neither_credential_nor_token_id(endpoint):
    shown = repr(endpoint)
    assert endpoint.token.reveal() not in shown
    assert "dave" not in shown
    assert "beef" not in shown
