BEGIN TRANSACTION;
CREATE TABLE ledgers (
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (tenant_number)
);
INSERT INTO "ledgers" VALUES(2,'{"tenant_number":2,"calls":10,"received":8,"refused":3,"accepted":5,"extra_runs":1,"ignored":0,"succeeded":5,"failed":0,"blocked":0,"pending":1,"duplicates":1,"other_calls":2,"refused_by":{"workflow-draft":1,"not-json":1,"fault:status":1},"other_by":{"run-now":1,"whoami":1},"now":1767225605000000,"day":20454,"runs_today":6,"attempts":{},"dropped_from":null,"dropped_to":null,"not_stored":0,"skipped":0}');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('store_version','3');
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
	"query" TEXT, 
	answer TEXT, 
	PRIMARY KEY (seq)
);
INSERT INTO "requests" VALUES(2199023255560,'3c7a78ac-0a12-4b34-b0d6-7ef97f4a7c15',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-0','[["content-type","application/json"],["authorization","***"]]',8,X'7B226E223A20307D',1,0,1,NULL,'urlTokenId=...07ad',NULL);
INSERT INTO "requests" VALUES(2199023255568,'f96c80ff-b34b-4559-8f0d-f8b2fe94f82a',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["content-type","application/json"],["authorization","***"]]',8,X'7B226E223A20317D',1,0,1,NULL,'urlTokenId=...07ad',NULL);
INSERT INTO "requests" VALUES(2199023255576,'df3ebec0-19d1-4300-ad45-726c7ddf743f',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-2','[["content-type","application/json"],["authorization","***"]]',8,X'7B226E223A20327D',1,0,1,NULL,'urlTokenId=...07ad',NULL);
INSERT INTO "requests" VALUES(2199023255584,'bba1f019-fecf-4f66-8b7c-ec25fd29f054',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-0','[["content-type","application/json"],["authorization","***"]]',8,X'7B226E223A20307D',1,1,1,NULL,'urlTokenId=...07ad',NULL);
INSERT INTO "requests" VALUES(2199023255592,'9fa0d562-1adc-46f8-a9b4-65df7c746c69',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',404,NULL,'workflow-draft','t-4','[["content-type","application/json"],["authorization","***"]]',7,X'7B226E223A317D',0,0,0,NULL,'urlTokenId=...7bcf','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","requestId":"9fa0d562-1adc-46f8-a9b4-65df7c746c69","error":{"errorMessage":"No workflow is associated with the token in this URL."}}}');
INSERT INTO "requests" VALUES(2199023255600,'efa17f57-88da-43aa-87eb-df98fbbee87e',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-5','[["content-type","application/json"],["authorization","***"]]',7,X'7B226E223A317D',1,0,1,NULL,'urlTokenId=...5e5d',NULL);
INSERT INTO "requests" VALUES(2199023255608,'9347fb31-4693-4946-a623-59527b096493',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',400,NULL,'not-json','t-6','[["content-type","application/json"],["authorization","***"]]',7,X'6E6F206A736F6E',0,0,0,NULL,'urlTokenId=...07ad','[400, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"400 - Bad Request","requestId":"9347fb31-4693-4946-a623-59527b096493","error":{"errorMessage":"The body is not valid JSON: Expecting value at line 1, column 1."}}}');
INSERT INTO "requests" VALUES(2199023255616,'d84ffca0-cbca-4ff5-845a-d30bfa53e0a8',1767225600000000,'POST','/__control/v1/workflows/WF_Uw1qUY0RT3R5tMh/run',201,NULL,NULL,NULL,'[]',14,X'7B226279223A202268616E64227D',0,0,1,NULL,NULL,NULL);
INSERT INTO "requests" VALUES(2199023255624,'f92fecc0-236d-439d-a292-4cc5799e5cbd',1767225605000000,'POST','/inbound-event/v1/events/json/triggers',503,NULL,'fault:status','t-7','[["content-type","application/json"],["authorization","***"]]',7,X'7B226E223A317D',0,0,0,NULL,'urlTokenId=...07ad','[503, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"503 - Service Unavailable","requestId":"f92fecc0-236d-439d-a292-4cc5799e5cbd","error":{"errorMessage":"Service Unavailable (a fault).","instanceId":"b14a9ac3-67c2-45a5-9150-fe03192eeb16"}}}');
INSERT INTO "requests" VALUES(2199023255632,'13992906-51f2-44c8-80c9-c67ef8e8d8d2',1767225605000000,'GET','/API/v3/whoami',200,NULL,NULL,NULL,'[["authorization","***"]]',0,X'',0,0,0,NULL,'','[200, [["content-type", "application/json"]]]
{"result":{"brandId":"jfxg0ws7ft","userId":"UR_8ODgqScP8ScPN00","userName":"rehearsal2@example.com#jfxg0ws7ft","accountType":"UT_BRANDADMIN","firstName":"Rehearsal","lastName":"User","email":"rehearsal2@example.com","datacenter":"iad1"},"meta":{"httpStatus":"200 - OK","requestId":"13992906-51f2-44c8-80c9-c67ef8e8d8d2"}}');
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
	run_now BOOLEAN NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "runs" VALUES(2199023255560,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255568,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255576,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255584,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255600,4,0,2,1767225630000000,0,1767225600000000,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255616,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,1);
CREATE TABLE seen (
	tenant_number INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (tenant_number, digest)
)
 WITHOUT ROWID

;
INSERT INTO "seen" VALUES(2,X'66984530E49ACF879EA2A3B7C3062FCA65',1);
INSERT INTO "seen" VALUES(2,X'7414319BEED19DBDC72D9B19D86FD81E99',1);
INSERT INTO "seen" VALUES(2,X'743D2DE271D67ABA939564EFADDFF922D6',1);
INSERT INTO "seen" VALUES(2,X'74BAB1FF22ED794A034C4DE22EAAA4EF3B',2);
INSERT INTO "seen" VALUES(2,X'74FC085297EFDE295B6719452E77C7443A',1);
CREATE TABLE tenants (
	number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "tenants" VALUES(1,'{"settings": {"clock": "real", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {}, "assumptions": {}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO "tenants" VALUES(2,'{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {"callsPerMinute": 9}, "assumptions": {}}, "faults": {"added": 1, "faults": [{"id": "fault-1", "receivedBefore": 7, "addedAt": 1767225605000000, "fault": {"kind": "status", "when": {"first": 1}, "status": 503}}]}}');
CREATE TABLE workflows (
	number INTEGER NOT NULL, 
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "workflows" VALUES(1,1,'{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal"}}');
INSERT INTO "workflows" VALUES(2,2,'{"tenant": 2, "position": 1, "settings": {"name": "Plain"}}');
INSERT INTO "workflows" VALUES(3,2,'{"tenant": 2, "position": 2, "settings": {"name": "Draft", "draft": true}, "published": false}');
INSERT INTO "workflows" VALUES(4,2,'{"tenant": 2, "position": 3, "settings": {"name": "Kept", "delay": {"kind": "fixed", "seconds": 30}, "tasks": [{"name": "Record", "type": "record"}]}, "unpublished": {"name": "Kept edits"}}');
CREATE INDEX calls_without_run ON requests (reason, seq) WHERE runs = 0;
CREATE INDEX runs_due ON runs (lane, due_at, priority, seq) WHERE state = 0;
CREATE INDEX runs_by_state ON runs (workflow_number, state, seq);
COMMIT;
