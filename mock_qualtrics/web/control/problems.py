"""The HTTP status for each of the package's errors."""

from mock_qualtrics import errors

_STATUSES: tuple[tuple[type[errors.MockError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.InvalidSettingsError, 400),
    (errors.InvalidInstantError, 400),
    (errors.BadCursorError, 400),
    (errors.ClockGoesBackwardsError, 409),
    (errors.ClockEndsError, 409),
    (errors.ClockMustBeAdvancedError, 409),
    (errors.WireFaultsOffError, 409),
    (errors.NotVirtualError, 409),
    (errors.TenantResetError, 409),
    (errors.IncompleteJournalError, 409),
    (errors.ServerStoppedError, 503),
    (errors.TooManyStreamsError, 503),
    (errors.StoreFailedError, 503),
)


def status_of(error: errors.MockError) -> int:
    """Return the HTTP status for an error; 500 for an unexpected one."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
