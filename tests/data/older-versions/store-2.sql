BEGIN TRANSACTION;
CREATE TABLE ledgers (
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (tenant_number)
);
INSERT INTO "ledgers" VALUES(0,'{"tenant_number":0,"calls":1,"received":1,"refused":1,"accepted":0,"extra_runs":0,"ignored":0,"succeeded":0,"failed":0,"blocked":0,"pending":0,"duplicates":0,"refused_by":{"unknown-trigger":1},"now":1795649351082819,"day":0,"runs_today":0,"attempts":{},"dropped_from":null,"dropped_to":null,"not_stored":0}');
INSERT INTO "ledgers" VALUES(2,'{"tenant_number":2,"calls":8,"received":6,"refused":2,"accepted":4,"extra_runs":0,"ignored":1,"succeeded":2,"failed":0,"blocked":0,"pending":1,"duplicates":1,"refused_by":{"not-json":1,"unknown-trigger":1},"now":1767225601000000,"day":20454,"runs_today":3,"attempts":{},"dropped_from":null,"dropped_to":null,"not_stored":0}');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('store_version','2');
INSERT INTO "meta" VALUES('seed','7');
INSERT INTO "meta" VALUES('tenant','2');
INSERT INTO "meta" VALUES('workflow','3');
INSERT INTO "meta" VALUES('workflow of tenant 1','1');
INSERT INTO "meta" VALUES('workflow of tenant 2','2');
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
INSERT INTO "requests" VALUES(8,'3fe05af9-c216-4a74-bf90-09ef0f3a6fc7',1795649351082819,'POST','/inbound-event/v1/events/json/triggers',404,NULL,'unknown-trigger','t-6','[["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255560,'3c7a78ac-0a12-4b34-aae1-d07c345ae953',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'7B226E223A20317D',1,0,1,NULL);
INSERT INTO "requests" VALUES(2199023255568,'f96c80ff-b34b-4559-8853-67c89f44b90d',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'7B226E223A20317D',1,1,1,NULL);
INSERT INTO "requests" VALUES(2199023255576,'df3ebec0-19d1-4300-8c03-801efea5cd57',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',400,NULL,'not-json','t-2','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',7,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255584,'bba1f019-fecf-4f66-bf7d-1af3722b629f',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',200,NULL,NULL,'t-3','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'7B226E223A20337D',1,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255592,'9fa0d562-1adc-46f8-ae6a-4bbe66f80105',1767225600000000,'POST','/inbound-event/v1/events/json/triggerss',404,NULL,'unknown-path','t-4','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255600,'efa17f57-88da-43aa-a6e9-5eef1c4cea33',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',404,NULL,'unknown-trigger','t-5','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255608,'9347fb31-4693-4946-bffe-5fbeb74d4077',1767225600000000,'GET','/API/v3/whoami',200,NULL,NULL,NULL,'[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',0,X'',0,0,0,NULL);
INSERT INTO "requests" VALUES(2199023255616,'d84ffca0-cbca-4ff5-91a6-dd612eae0f22',1767225601000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-7','[["x-api-token","***"],["content-type","application/json"],["host","127.0.0.1:8084"]]',8,X'7B226E223A20377D',1,0,1,NULL);
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
INSERT INTO "runs" VALUES(2199023255560,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255568,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2199023255616,2,0,2,1767225601200000,0,1767225601000000,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE seen (
	tenant_number INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (tenant_number, digest)
)
 WITHOUT ROWID

;
INSERT INTO "seen" VALUES(2,X'7433B439B3B1A0FE3AA759D44A7B5E6159',1);
INSERT INTO "seen" VALUES(2,X'74B9E1E7DA36E5BD604468CCCC4098BE98',1);
INSERT INTO "seen" VALUES(2,X'74FC085297EFDE295B6719452E77C7443A',2);
CREATE TABLE tenants (
	number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "tenants" VALUES(1,'{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {}, "assumptions": {}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO "tenants" VALUES(2,'{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 9}, "assumptions": {"acceptedStatus": 202}}, "faults": {"added": 0, "faults": []}}');
CREATE TABLE workflows (
	number INTEGER NOT NULL, 
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "workflows" VALUES(1,1,'{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal"}}');
INSERT INTO "workflows" VALUES(2,2,'{"tenant": 2, "position": 1, "settings": {"name": "Plain"}}');
INSERT INTO "workflows" VALUES(3,2,'{"tenant": 2, "position": 2, "settings": {"name": "Off", "enabled": false}}');
CREATE INDEX runs_by_state ON runs (workflow_number, state, seq);
CREATE INDEX runs_due ON runs (lane, due_at, priority, seq) WHERE state = 0;
COMMIT;
