"""Which profiles are exported to which destination: one validated, frozen value."""

from sender.dataflow.consent_rules import ConsentRules
from sender.dataflow.model import (
    AttributeMapping,
    AudienceActivation,
    Dataflow,
    IdentityMapping,
    WhenToActivate,
)

__all__ = [
    "AttributeMapping",
    "AudienceActivation",
    "ConsentRules",
    "Dataflow",
    "IdentityMapping",
    "WhenToActivate",
]
