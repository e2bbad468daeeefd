CREATE TABLE ledgers (
    tenant_number bigint NOT NULL,
    document text NOT NULL
);
CREATE TABLE meta (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE requests (
    seq bigint NOT NULL,
    request_id text NOT NULL,
    received_at bigint NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    status smallint,
    error_code text,
    reason text,
    trace_id text,
    headers text NOT NULL,
    body_bytes bigint NOT NULL,
    body bytea NOT NULL,
    accepted boolean NOT NULL,
    duplicate boolean NOT NULL,
    runs smallint NOT NULL,
    note text
);
CREATE TABLE runs (
    seq bigint NOT NULL,
    workflow_number bigint NOT NULL,
    state smallint NOT NULL,
    lane bigint NOT NULL,
    due_at bigint NOT NULL,
    priority smallint NOT NULL,
    received_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    scripted_failure text,
    error text,
    detail text
);
CREATE TABLE seen (
    tenant_number bigint NOT NULL,
    digest bytea NOT NULL,
    count bigint NOT NULL
);
CREATE TABLE tenants (
    number bigint NOT NULL,
    document text NOT NULL
);
CREATE TABLE workflows (
    number bigint NOT NULL,
    tenant_number bigint NOT NULL,
    document text NOT NULL
);
INSERT INTO ledgers VALUES (2, '{"tenant_number":2,"calls":8,"received":8,"refused":2,"accepted":6,"extra_runs":0,"ignored":0,"succeeded":3,"failed":0,"blocked":0,"pending":3,"duplicates":5,"refused_by":{"not-json":1,"fault:status":1},"now":1767225666000000,"day":20454,"runs_today":6,"attempts":{"3/1":2},"dropped_from":null,"dropped_to":null}');
INSERT INTO ledgers VALUES (1, '{"tenant_number":1,"calls":1,"received":1,"refused":0,"accepted":1,"extra_runs":0,"ignored":0,"succeeded":0,"failed":0,"blocked":0,"pending":1,"duplicates":0,"refused_by":{},"now":1795637822480540,"day":20782,"runs_today":1,"attempts":{},"dropped_from":null,"dropped_to":null}');
INSERT INTO meta VALUES ('owner', '1');
INSERT INTO meta VALUES ('seed', '7');
INSERT INTO meta VALUES ('workflow of tenant 1', '1');
INSERT INTO meta VALUES ('tenant', '2');
INSERT INTO meta VALUES ('workflow', '4');
INSERT INTO meta VALUES ('workflow of tenant 2', '3');
INSERT INTO requests VALUES (2199023255560, '3c7a78ac-0a12-4b34-aae1-d07c345ae953', 1767225600000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 8, '\x7b226e223a20317d', true, false, 1, NULL);
INSERT INTO requests VALUES (2199023255568, 'f96c80ff-b34b-4559-8853-67c89f44b90d', 1767225600000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 8, '\x7b226e223a20317d', true, true, 1, NULL);
INSERT INTO requests VALUES (2199023255576, 'df3ebec0-19d1-4300-8c03-801efea5cd57', 1767225600000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 21, '\x7b2266697273744e616d65223a202244617665227d', true, true, 1, NULL);
INSERT INTO requests VALUES (2199023255584, 'bba1f019-fecf-4f66-bf7d-1af3722b629f', 1767225601000000, 'POST', '/inbound-event/v1/events/json/triggers', 400, NULL, 'not-json', 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 8, '\x', false, false, 0, NULL);
INSERT INTO requests VALUES (2199023255592, '9fa0d562-1adc-46f8-ae6a-4bbe66f80105', 1767225601000000, 'POST', '/inbound-event/v1/events/json/triggers', 503, NULL, 'fault:status', 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 2, '\x', false, false, 0, NULL);
INSERT INTO requests VALUES (2199023255600, 'efa17f57-88da-43aa-a6e9-5eef1c4cea33', 1767225601000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 20, '\x7b2266697273744e616d65223a2022416e6e227d', true, true, 1, NULL);
INSERT INTO requests VALUES (2199023255608, '9347fb31-4693-4946-bffe-5fbeb74d4077', 1767225601000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 8, '\x7b226e223a20327d', true, true, 1, NULL);
INSERT INTO requests VALUES (2199023255616, 'd84ffca0-cbca-4ff5-91a6-dd612eae0f22', 1767225666000000, 'POST', '/inbound-event/v1/events/json/triggers', 202, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 24, '\x7b2266697273744e616d65223a202250656e64696e67227d', true, true, 1, NULL);
INSERT INTO requests VALUES (1099511627784, 'afbecf2d-e3c1-4f28-91ca-5e1ff231ba65', 1795637822480540, 'POST', '/inbound-event/v1/events/json/triggers', 200, NULL, NULL, 'trace-1', '[["x-api-token","***"],["content-type","application/json"]]', 8, '\x7b226e223a20337d', true, false, 1, NULL);
INSERT INTO runs VALUES (2199023255560, 2, 1, 2, 1767225600200000, 0, 1767225600000000, 1767225600200000, 1767225600200000, NULL, NULL, NULL);
INSERT INTO runs VALUES (2199023255568, 2, 1, 2, 1767225600200000, 0, 1767225600000000, 1767225600200000, 1767225600200000, NULL, NULL, NULL);
INSERT INTO runs VALUES (2199023255608, 2, 1, 2, 1767225601200000, 0, 1767225601000000, 1767225601200000, 1767225601200000, NULL, NULL, NULL);
INSERT INTO runs VALUES (2199023255576, 3, 0, 2, 1767225720000000, 1, 1767225600000000, 1767225660000000, NULL, NULL, NULL, '{"fields":{"first":"Dave"},"tasks":[{"name":"Mail","type":"email","status":"Succeeded","attempts":1,"error":null,"settings":{"to":"${e://Field/first}"}},{"name":"Record","type":"record","status":"Pending","attempts":1,"error":"scripted failure 1 of 2","settings":{}}],"notifications":[]}');
INSERT INTO runs VALUES (2199023255600, 3, 0, 2, 1767225721000000, 1, 1767225601000000, 1767225661000000, NULL, NULL, NULL, '{"fields":{"first":"Ann"},"tasks":[{"name":"Mail","type":"email","status":"Succeeded","attempts":1,"error":null,"settings":{"to":"${e://Field/first}"}},{"name":"Record","type":"record","status":"Pending","attempts":1,"error":"scripted failure 2 of 2","settings":{}}],"notifications":[]}');
INSERT INTO runs VALUES (2199023255616, 3, 0, 2, 1767225726000000, 0, 1767225666000000, NULL, NULL, NULL, NULL, NULL);
INSERT INTO runs VALUES (1099511627784, 1, 0, 0, 1795637822680540, 0, 1795637822480540, NULL, NULL, NULL, NULL, NULL);
INSERT INTO seen VALUES (2, '\x6653925be849eed07e1d1226d6091feb3b', 2);
INSERT INTO seen VALUES (2, '\x66ce022a05ac013373fdf90b90a3c13164', 1);
INSERT INTO seen VALUES (2, '\x66a76fe8beda3f628f56f4a9f909f85f41', 1);
INSERT INTO seen VALUES (2, '\x662afb9b83f9314e5d029766197f539792', 1);
INSERT INTO seen VALUES (2, '\x66d2e7d7860ff648b42d8bf73b745151b2', 1);
INSERT INTO seen VALUES (2, '\x665618e4b36dbd46b3d1a300d3fb093f6d', 1);
INSERT INTO seen VALUES (2, '\x66d0b8c20025f2ce016a2202a1616fc8b6', 1);
INSERT INTO seen VALUES (2, '\x74c7646e949f684bdda126aeba0c79a27f', 6);
INSERT INTO seen VALUES (1, '\x74c7646e949f684bdda126aeba0c79a27f', 1);
INSERT INTO tenants VALUES (1, '{"settings": {"clock": "real", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 3000, "payloadBytes": 102400, "runsPerDay": 300000}, "assumptions": {"acceptedStatus": 200, "disabledStatus": 200, "unknownTriggerStatus": 404, "tooLargeStatus": 413, "contentEncodingStatus": 415, "invalidJsonStatus": 400, "notAnObjectStatus": 400, "mediaTypeStatus": 415, "wrongMethodStatus": 405, "everyCredentialCounts": true, "retryAfter": false, "window": "sliding", "countRefusedCalls": false}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO tenants VALUES (2, '{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 9, "payloadBytes": 102400, "runsPerDay": 300000}, "assumptions": {"acceptedStatus": 202, "disabledStatus": 200, "unknownTriggerStatus": 404, "tooLargeStatus": 413, "contentEncodingStatus": 415, "invalidJsonStatus": 400, "notAnObjectStatus": 400, "mediaTypeStatus": 415, "wrongMethodStatus": 405, "everyCredentialCounts": true, "retryAfter": true, "window": "sliding", "countRefusedCalls": false}}, "faults": {"added": 1, "faults": [{"id": "fault-1", "receivedBefore": 0, "fault": {"kind": "status", "when": {"every": 5}, "status": 503}}]}}');
INSERT INTO workflows VALUES (1, 1, '{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal", "enabled": true, "requireAuthentication": true, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
INSERT INTO workflows VALUES (2, 2, '{"tenant": 2, "position": 1, "settings": {"name": "Plain", "enabled": true, "requireAuthentication": true, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
INSERT INTO workflows VALUES (3, 2, '{"tenant": 2, "position": 2, "settings": {"name": "Full", "enabled": true, "requireAuthentication": true, "onTaskFailure": "stop", "retryTasks": true, "delay": {"kind": "fixed", "seconds": 60}, "fields": [{"name": "first", "path": "$.firstName"}], "conditions": {}, "tasks": [{"name": "Mail", "type": "email", "settings": {"to": "${e://Field/first}"}, "failFirst": 0, "failProbability": 0.0}, {"name": "Record", "type": "record", "settings": {}, "failFirst": 2, "failProbability": 0.0}]}}');
INSERT INTO workflows VALUES (4, 2, '{"tenant": 2, "position": 3, "settings": {"name": "Off", "enabled": false, "requireAuthentication": false, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
ALTER TABLE ONLY ledgers
    ADD CONSTRAINT ledgers_pkey PRIMARY KEY (tenant_number);
ALTER TABLE ONLY meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);
ALTER TABLE ONLY requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY seen
    ADD CONSTRAINT seen_pkey PRIMARY KEY (tenant_number, digest);
ALTER TABLE ONLY tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (number);
ALTER TABLE ONLY workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (number);
CREATE INDEX runs_by_state ON runs USING btree (workflow_number, state, seq);
CREATE INDEX runs_due ON runs USING btree (lane, due_at, priority, seq) WHERE (state = 0);
