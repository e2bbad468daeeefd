"""Two profiles as CSV, and the dataflow that exports them."""

from sender.dataflow import Dataflow

CSV = b"_id,identityMap.Email\n1,a\n2,b\n"
DATAFLOW = Dataflow.from_mapping(
    {
        "name": "Survey",
        "url": "http://127.0.0.1/inbound-event/v1/events/json/triggers?urlTokenId=x",
        "username": "dave#brand",
        "attributes": [{"source": "firstName", "target": "firstName"}],
        "identities": [{"source": "Email", "target": "email"}],
    }
)
