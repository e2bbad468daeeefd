"""Makes the pages of ``docs/reference/`` from the schemas, the OpenAPI document and the code."""
