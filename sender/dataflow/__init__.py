"""Which profiles are exported to which destination: one validated, frozen value."""

from sender.dataflow.consent_rules import ConsentRules
from sender.dataflow.entries import (
    AttributeMapping,
    AudienceActivation,
    IdentityMapping,
    WhenToActivate,
)
from sender.dataflow.model import Dataflow

__all__ = [
    "AttributeMapping",
    "AudienceActivation",
    "ConsentRules",
    "Dataflow",
    "IdentityMapping",
    "WhenToActivate",
]
