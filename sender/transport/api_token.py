"""The API token: given, or from the environment. It is never stored."""

import os

from contracts.credentials import TOKEN_EXPECTED, token_problem, without_line_end
from contracts.secret import Secret
from sender.errors import ConfigurationError, MissingTokenError

TOKEN_VARIABLE = "QUALTRICS_API_TOKEN"  # noqa: S105  the variable's name


def token_from(token: str | Secret | None) -> Secret:
    """Return the given token, or else the one in the environment, without a line end.

    Raises:
        MissingTokenError: there is none.
        ConfigurationError: it has something in it that no token has.
    """
    given = token.reveal() if isinstance(token, Secret) else token
    where = TOKEN_VARIABLE if given is None else "token"
    text = without_line_end(os.environ.get(TOKEN_VARIABLE, "") if given is None else given)
    if not text:
        raise MissingTokenError(
            f"no API token: set the environment variable {TOKEN_VARIABLE} (Qualtrics shows the "
            "token under Account Settings, Qualtrics IDs, API)"
        )
    if problem := token_problem(text):
        raise ConfigurationError(f"{where}: found {problem}, expected {TOKEN_EXPECTED}")
    return Secret(text)
