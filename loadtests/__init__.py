"""Load tests of both sides: a Locust workload, and benchmarks against peers."""
