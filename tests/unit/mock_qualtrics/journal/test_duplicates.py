"""Which digests were seen before."""

from mock_qualtrics.journal.duplicates import BloomFilter


def test_a_sieve_never_denies_what_it_holds():
    bloom_filter = BloomFilter()
    digests = [bytes([number]) * 17 for number in range(200)]
    assert not any(bloom_filter.holds(one) for one in digests)
    assert not any(bloom_filter.add(one) for one in digests)
    assert all(bloom_filter.holds(one) and bloom_filter.add(one) for one in digests)
    full = BloomFilter()
    full.fill()
    assert full.holds(b"0123456789abcdef")
