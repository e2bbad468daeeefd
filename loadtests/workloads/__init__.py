"""Who arrives when: the workloads that a load test offers, and a plan can be made of. Pure.

Example:
    >>> from loadtests.workloads import Workload
    >>> [each.at_us for each in Workload(kind="backfill", profiles=3).arrivals()]
    [0, 1000, 2000]
"""

from loadtests.workloads.planned import plan_of
from loadtests.workloads.recorded_file import read_arrivals
from loadtests.workloads.workload import KINDS, Arrival, Kind, Workload, WorkloadError

__all__ = ["KINDS", "Arrival", "Kind", "Workload", "WorkloadError", "plan_of", "read_arrivals"]
