"""What a run comes to: thresholds, whether its generator was the limit, and the exit code. Pure."""

from loadtests.verdicts.early_stop import Remaining, can_still_be_met
from loadtests.verdicts.figures import Figures, JournalFigures
from loadtests.verdicts.generator import GeneratorLimits, generator_reasons
from loadtests.verdicts.judged import Judged, judged
from loadtests.verdicts.threshold import Threshold, ThresholdError
from loadtests.verdicts.verdict import Verdict, VerdictKind, verdict_of

__all__ = [
    "Figures",
    "GeneratorLimits",
    "JournalFigures",
    "Judged",
    "Remaining",
    "Threshold",
    "ThresholdError",
    "Verdict",
    "VerdictKind",
    "can_still_be_met",
    "generator_reasons",
    "judged",
    "verdict_of",
]
