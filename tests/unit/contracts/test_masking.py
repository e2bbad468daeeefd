import pytest

from contracts.masking import mask_identity


@pytest.mark.parametrize(
    ("identity", "masked"),
    [
        ("dave@example.com", "d***@e***.com"),
        ("d@e.de", "d***@e***.de"),
        ("Dave Doe@mail.example.co.uk", "D***@m***.uk"),
        ('"a@b"@example.org', '"***@e***.org'),
        ("dave@localhost", "da***"),
        ("dave@example.", "da***"),
        ("@example.com", "@e***"),
        ("4711-0815", "47***"),
        ("x", "x***"),
        ("", "***"),
        ("名前です", "名前***"),
    ],
)
def test_an_identity_is_masked_so_that_its_owner_still_recognizes_it(
    identity: str, masked: str
) -> None:
    assert mask_identity(identity) == masked
