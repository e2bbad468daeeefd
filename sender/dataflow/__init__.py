"""What is exported where: one judged, frozen value."""

from sender.dataflow.model import AttributeMapping, AudienceActivation, Dataflow, IdentityMapping

__all__ = [
    "AttributeMapping",
    "AudienceActivation",
    "Dataflow",
    "IdentityMapping",
]
