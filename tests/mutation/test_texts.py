"""Which surviving mutants are explained by rule: those that change only a message's wording."""

from pathlib import Path

import pytest

from mutation.texts import is_wording

CODE = """
def x_f__mutmut_orig(a):
    return g(a, f"no such {a}", "key")
def x_f__mutmut_1(a):
    return g(a, f"XXno such XX{a}", "key")
def x_f__mutmut_2(a):
    return g(a, f"NO SUCH {a}", "key")
def x_f__mutmut_3(a):
    return g(a, f"no such {a}", "KEY")
def x_f__mutmut_4(a):
    return g(a, None, "key")
def x_f__mutmut_5(a):
    return g(None, f"no such {a}", "key")
class C:
    def xǁCǁf__mutmut_orig(self):
        return "two words"
    def xǁCǁf__mutmut_1(self):
        return "TWO WORDS"
"""


@pytest.mark.parametrize(
    ("mutant", "expected"),
    [
        ("m.x_f__mutmut_1", True),
        ("m.x_f__mutmut_2", True),
        ("m.x_f__mutmut_3", False),
        ("m.x_f__mutmut_4", False),
        ("m.x_f__mutmut_5", False),
        ("m.x_f__mutmut_6", False),
        ("m.xǁCǁf__mutmut_1", True),
    ],
)
def test_a_sentence_is_wording_and_a_key_or_a_value_is_not(
    tmp_path: Path, mutant: str, expected: bool
):
    file = tmp_path / "m.py"
    file.write_text(CODE, "utf-8")
    assert is_wording(file, mutant) is expected
