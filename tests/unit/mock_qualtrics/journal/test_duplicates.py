"""Which digests were seen before."""

from mock_qualtrics.journal.duplicates import BloomFilter


def test_a_sieve_never_denies_what_it_holds():
    sieve = BloomFilter()
    digests = [bytes([number]) * 17 for number in range(200)]
    assert not any(sieve.holds(one) for one in digests)
    assert not any(sieve.add(one) for one in digests)
    assert all(sieve.holds(one) and sieve.add(one) for one in digests)
    full = BloomFilter()
    full.fill()
    assert full.holds(b"0123456789abcdef")
