"""The OpenAPI description that a server gives of itself, in one file."""

from functools import lru_cache

from contracts.openapi import one_file


@lru_cache(maxsize=8)
def openapi_file(base_url: str) -> str:
    """Return the description as YAML, with this server's address in it."""
    import yaml  # noqa: PLC0415  only who asks for the description pays for it

    document = one_file() | {"servers": [{"url": base_url}]}
    text: str = yaml.dump(
        document,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        sort_keys=False,
        allow_unicode=True,
        width=120,
    )
    return text
