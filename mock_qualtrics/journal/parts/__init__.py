"""The parts of the journal that only read, count, or wait for counts; it inherits them."""
