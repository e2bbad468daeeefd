#!/bin/sh
# The project's own sender, from profiles and dataflow on: it maps too.
exec "${1:-python3}" -m sender export --dataflow "$DATAFLOW" --outbox "$WORK_FOLDER/outbox" "$PROFILES"
