BEGIN TRANSACTION;
CREATE TABLE ledgers (
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (tenant_number)
);
INSERT INTO "ledgers" VALUES(1,'{"tenant_number":1,"calls":1,"received":1,"refused":0,"accepted":1,"extra_runs":0,"ignored":0,"succeeded":0,"failed":0,"blocked":0,"pending":1,"duplicates":0,"refused_by":{},"now":1795637767126339,"day":20782,"runs_today":1,"attempts":{},"dropped_from":null,"dropped_to":null}');
INSERT INTO "ledgers" VALUES(2,'{"tenant_number":2,"calls":8,"received":8,"refused":2,"accepted":6,"extra_runs":0,"ignored":0,"succeeded":3,"failed":0,"blocked":0,"pending":3,"duplicates":5,"refused_by":{"not-json":1,"fault:status":1},"now":1767225666000000,"day":20454,"runs_today":6,"attempts":{"3/1":2},"dropped_from":null,"dropped_to":null}');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('seed','7');
INSERT INTO "meta" VALUES('tenant','2');
INSERT INTO "meta" VALUES('workflow','4');
INSERT INTO "meta" VALUES('workflow of tenant 1','1');
INSERT INTO "meta" VALUES('workflow of tenant 2','3');
CREATE TABLE requests (
	seq INTEGER NOT NULL, 
	request_id TEXT NOT NULL, 
	received_at BIGINT NOT NULL, 
	method TEXT NOT NULL, 
	path TEXT NOT NULL, 
	status SMALLINT, 
	error_code TEXT, 
	reason TEXT, 
	trace_id TEXT, 
	headers TEXT NOT NULL, 
	body_bytes BIGINT NOT NULL, 
	body BLOB NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	duplicate BOOLEAN NOT NULL, 
	runs SMALLINT NOT NULL, 
	note TEXT, 
	PRIMARY KEY (seq)
);
INSERT INTO "requests" VALUES(1099511627784,'afbecf2d-e3c1-4f28-91ca-5e1ff231ba65',1795637767126339,'POST','/inbound-event/v1/events/json/triggers',200,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',8,X'7B226E223A20337D',1,0,1,NULL);
INSERT INTO "requests" VALUES(2199023255560,'3c7a78ac-0a12-4b34-aae1-d07c345ae953',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',8,X'7B226E223A20317D',1,0,1,NULL);
INSERT INTO "requests" VALUES(2199023255568,'f96c80ff-b34b-4559-8853-67c89f44b90d',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',8,X'7B226E223A20317D',1,1,1,NULL);
INSERT INTO "requests" VALUES(2199023255576,'df3ebec0-19d1-4300-8c03-801efea5cd57',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',21,X'7B2266697273744E616D65223A202244617665227D',1,1,1,NULL);
INSERT INTO "requests" VALUES(2199023255584,'bba1f019-fecf-4f66-bf7d-1af3722b629f',1767225601000000,'POST','/inbound-event/v1/events/json/triggers',400,NULL,'not-json','trace-1','[["x-api-token","***"],["content-type","application/json"]]',8,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255592,'9fa0d562-1adc-46f8-ae6a-4bbe66f80105',1767225601000000,'POST','/inbound-event/v1/events/json/triggers',503,NULL,'fault:status','trace-1','[["x-api-token","***"],["content-type","application/json"]]',2,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255600,'efa17f57-88da-43aa-a6e9-5eef1c4cea33',1767225601000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',20,X'7B2266697273744E616D65223A2022416E6E227D',1,1,1,NULL);
INSERT INTO "requests" VALUES(2199023255608,'9347fb31-4693-4946-bffe-5fbeb74d4077',1767225601000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',8,X'7B226E223A20327D',1,1,1,NULL);
INSERT INTO "requests" VALUES(2199023255616,'d84ffca0-cbca-4ff5-91a6-dd612eae0f22',1767225666000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'trace-1','[["x-api-token","***"],["content-type","application/json"]]',24,X'7B2266697273744E616D65223A202250656E64696E67227D',1,1,1,NULL);
CREATE TABLE runs (
	seq INTEGER NOT NULL, 
	workflow_number INTEGER NOT NULL, 
	state SMALLINT NOT NULL, 
	lane INTEGER NOT NULL, 
	due_at BIGINT NOT NULL, 
	priority SMALLINT NOT NULL, 
	received_at BIGINT NOT NULL, 
	started_at BIGINT, 
	finished_at BIGINT, 
	scripted_failure TEXT, 
	error TEXT, 
	detail TEXT, 
	PRIMARY KEY (seq)
);
INSERT INTO "runs" VALUES(1099511627784,1,0,0,1795637767326339,0,1795637767126339,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255560,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255568,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255576,3,0,2,1767225720000000,1,1767225600000000,1767225660000000,NULL,NULL,NULL,'{"fields":{"first":"Dave"},"tasks":[{"name":"Mail","type":"email","status":"Succeeded","attempts":1,"error":null,"settings":{"to":"${e://Field/first}"}},{"name":"Record","type":"record","status":"Pending","attempts":1,"error":"scripted failure 1 of 2","settings":{}}],"notifications":[]}');
INSERT INTO "runs" VALUES(2199023255600,3,0,2,1767225721000000,1,1767225601000000,1767225661000000,NULL,NULL,NULL,'{"fields":{"first":"Ann"},"tasks":[{"name":"Mail","type":"email","status":"Succeeded","attempts":1,"error":null,"settings":{"to":"${e://Field/first}"}},{"name":"Record","type":"record","status":"Pending","attempts":1,"error":"scripted failure 2 of 2","settings":{}}],"notifications":[]}');
INSERT INTO "runs" VALUES(2199023255608,2,1,2,1767225601200000,0,1767225601000000,1767225601200000,1767225601200000,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255616,3,0,2,1767225726000000,0,1767225666000000,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE seen (
	tenant_number INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (tenant_number, digest)
)
 WITHOUT ROWID

;
INSERT INTO "seen" VALUES(1,X'74C7646E949F684BDDA126AEBA0C79A27F',1);
INSERT INTO "seen" VALUES(2,X'662AFB9B83F9314E5D029766197F539792',1);
INSERT INTO "seen" VALUES(2,X'6653925BE849EED07E1D1226D6091FEB3B',2);
INSERT INTO "seen" VALUES(2,X'665618E4B36DBD46B3D1A300D3FB093F6D',1);
INSERT INTO "seen" VALUES(2,X'66A76FE8BEDA3F628F56F4A9F909F85F41',1);
INSERT INTO "seen" VALUES(2,X'66CE022A05AC013373FDF90B90A3C13164',1);
INSERT INTO "seen" VALUES(2,X'66D0B8C20025F2CE016A2202A1616FC8B6',1);
INSERT INTO "seen" VALUES(2,X'66D2E7D7860FF648B42D8BF73B745151B2',1);
INSERT INTO "seen" VALUES(2,X'74C7646E949F684BDDA126AEBA0C79A27F',6);
CREATE TABLE tenants (
	number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "tenants" VALUES(1,'{"settings": {"clock": "real", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 3000, "payloadBytes": 102400, "runsPerDay": 300000}, "assumptions": {"acceptedStatus": 200, "disabledStatus": 200, "unknownTriggerStatus": 404, "tooLargeStatus": 413, "contentEncodingStatus": 415, "invalidJsonStatus": 400, "notAnObjectStatus": 400, "mediaTypeStatus": 415, "wrongMethodStatus": 405, "everyCredentialCounts": true, "retryAfter": false, "window": "sliding", "countRefusedCalls": false}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO "tenants" VALUES(2,'{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 9, "payloadBytes": 102400, "runsPerDay": 300000}, "assumptions": {"acceptedStatus": 202, "disabledStatus": 200, "unknownTriggerStatus": 404, "tooLargeStatus": 413, "contentEncodingStatus": 415, "invalidJsonStatus": 400, "notAnObjectStatus": 400, "mediaTypeStatus": 415, "wrongMethodStatus": 405, "everyCredentialCounts": true, "retryAfter": true, "window": "sliding", "countRefusedCalls": false}}, "faults": {"added": 1, "faults": [{"id": "fault-1", "receivedBefore": 0, "fault": {"kind": "status", "when": {"every": 5}, "status": 503}}]}}');
CREATE TABLE workflows (
	number INTEGER NOT NULL, 
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "workflows" VALUES(1,1,'{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal", "enabled": true, "requireAuthentication": true, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
INSERT INTO "workflows" VALUES(2,2,'{"tenant": 2, "position": 1, "settings": {"name": "Plain", "enabled": true, "requireAuthentication": true, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
INSERT INTO "workflows" VALUES(3,2,'{"tenant": 2, "position": 2, "settings": {"name": "Full", "enabled": true, "requireAuthentication": true, "onTaskFailure": "stop", "retryTasks": true, "delay": {"kind": "fixed", "seconds": 60}, "fields": [{"name": "first", "path": "$.firstName"}], "conditions": {}, "tasks": [{"name": "Mail", "type": "email", "settings": {"to": "${e://Field/first}"}, "failFirst": 0, "failProbability": 0.0}, {"name": "Record", "type": "record", "settings": {}, "failFirst": 2, "failProbability": 0.0}]}}');
INSERT INTO "workflows" VALUES(4,2,'{"tenant": 2, "position": 3, "settings": {"name": "Off", "enabled": false, "requireAuthentication": false, "onTaskFailure": "continue", "retryTasks": false, "delay": {"kind": "fixed", "seconds": 0.2}, "fields": [], "conditions": {}, "tasks": []}}');
CREATE INDEX runs_by_state ON runs (workflow_number, state, seq);
CREATE INDEX runs_due ON runs (lane, due_at, priority, seq) WHERE state = 0;
COMMIT;
