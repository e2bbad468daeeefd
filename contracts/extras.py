"""Names the extra that brings a missing package, in the same words everywhere."""


def missing_extra(what: str, package: str, extra: str) -> str:
    """Return a sentence about a package that is not installed, and how to install it.

    Example:
        >>> missing_extra("metrics need", "prometheus_client", "prometheus")[:50]
        'metrics need prometheus_client: install mock-qualt'
    """
    requirement = f"mock-qualtrics[{extra}]"
    return f"{what} {package}: install {requirement} (pip install '{requirement}')"
