"""JSON that is spliced into an answer as it came."""

import pytest

from mock_qualtrics.events.raw_json import RawJson, dumps


def test_raw_json_is_spliced_even_beside_texts_that_look_like_its_mark():
    value = {"a": "raw", "b": RawJson("[1.0]"), "c": ["raw-", RawJson('"raw"')]}
    assert dumps(value) == '{"a":"raw","b":[1.0],"c":["raw-","raw"]}'
    with pytest.raises(TypeError, match="object"):
        dumps({"a": object()})
