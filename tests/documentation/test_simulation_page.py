"""What docs/simulation.md and the Makefile give as examples can be typed."""

import re
from pathlib import Path

import pytest

from simulation.run import kept
from simulation.running.seeds import numbers_from
from simulation.schedule import generate

ROOT = Path(__file__).parents[2]
EXAMPLE = re.compile(r"make simulate SEED=(\d+) HAPPENINGS=([\d,]+) PROFILES=([\d,]+)")


@pytest.mark.parametrize("file", ["docs/simulation.md", "Makefile"])
def test_a_part_of_a_seed_is_one_that_there_is(file: str) -> None:
    examples = EXAMPLE.findall((ROOT / file).read_text("utf-8"))
    assert examples
    for seed, happenings, profiles in examples:
        part = kept(generate(int(seed)), numbers_from(happenings), numbers_from(profiles))
        assert part.numbers == numbers_from(happenings)
