BEGIN TRANSACTION;
CREATE TABLE ledgers (
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (tenant_number)
);
INSERT INTO "ledgers" VALUES(2,'{"tenant_number":2,"calls":9,"received":8,"refused":4,"accepted":4,"extra_runs":1,"ignored":0,"succeeded":4,"failed":0,"blocked":0,"pending":1,"duplicates":0,"other_calls":1,"refused_by":{"fault:redirect":1,"workflow-draft":1,"not-json":1,"no-credential":1},"other_by":{"unknown-path":1},"now":1767225660000000,"day":20454,"runs_today":5,"attempts":{},"dropped_from":null,"dropped_to":null,"not_stored":0,"skipped":0}');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('store_version','4');
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
	token_places SMALLINT, 
	PRIMARY KEY (seq)
);
INSERT INTO "requests" VALUES(2199023255560,'3c7a78ac-0a12-4b34-b0d6-7ef97f4a7c15',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["content-type","application/json"],["x-api-token","***"]]',8,X'7B226E223A20317D',1,0,1,NULL,'urlTokenId=...07ad',NULL,1);
INSERT INTO "requests" VALUES(2199023255568,'f96c80ff-b34b-4559-8f0d-f8b2fe94f82a',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-2','[["content-type","application/json"],["authorization","***"]]',8,X'7B226E223A20327D',1,0,1,NULL,'urlTokenId=...07ad',NULL,2);
INSERT INTO "requests" VALUES(2199023255576,'df3ebec0-19d1-4300-ad45-726c7ddf743f',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',307,NULL,'fault:redirect','t-3','[["content-type","application/json"],["x-api-token","***"]]',8,X'7B226E223A20337D',0,0,0,NULL,'urlTokenId=...07ad','[307, [["content-type", "application/json"], ["location", "http://localhost/elsewhere"]]]
{"meta":{"httpStatus":"307 - Temporary Redirect","requestId":"df3ebec0-19d1-4300-ad45-726c7ddf743f","error":{"errorMessage":"Temporary Redirect (a fault)."}}}',1);
INSERT INTO "requests" VALUES(2199023255584,'bba1f019-fecf-4f66-8b7c-ec25fd29f054',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-4','[["content-type","application/json"],["x-api-token","***"],["authorization","***"]]',8,X'7B226E223A20337D',1,0,2,NULL,'urlTokenId=...07ad&token=***','[202, []]
',7);
INSERT INTO "requests" VALUES(2199023255592,'9fa0d562-1adc-46f8-a9b4-65df7c746c69',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',404,NULL,'workflow-draft','t-5','[["content-type","application/json"],["x-api-token","***"]]',8,X'7B226E223A20317D',0,0,0,NULL,'urlTokenId=...5e5d','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","requestId":"9fa0d562-1adc-46f8-a9b4-65df7c746c69","error":{"errorMessage":"No workflow is associated with the token in this URL."}}}',1);
INSERT INTO "requests" VALUES(2199023255600,'efa17f57-88da-43aa-87eb-df98fbbee87e',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',400,NULL,'not-json','t-6','[["content-type","application/json"],["x-api-token","***"]]',52,X'7B22746F6B656E223A20222A2A2A22',0,0,0,NULL,'urlTokenId=...07ad','[400, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"400 - Bad Request","requestId":"efa17f57-88da-43aa-87eb-df98fbbee87e","error":{"errorMessage":"The body is not valid JSON: Expecting '','' delimiter at line 1, column 53."}}}',9);
INSERT INTO "requests" VALUES(2199023255608,'9347fb31-4693-4946-a623-59527b096493',1767225600000000,'POST','/elsewhere',404,NULL,'unknown-path','t-7','[["content-type","application/json"],["x-api-token","***"]]',8,X'7B226E223A20317D',0,0,0,NULL,'urlTokenId=...07ad','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","error":{"errorMessage":"The requested resource does not exist."}}}',1);
INSERT INTO "requests" VALUES(2199023255616,'d84ffca0-cbca-4ff5-845a-d30bfa53e0a8',1767225600000000,'POST','/inbound-event/v1/events/json/triggers',400,'ATP_2','no-credential','t-8','[["content-type","application/json"]]',8,X'7B226E223A20317D',0,0,0,NULL,'urlTokenId=...07ad','[400, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"400 - Bad Request","requestId":"d84ffca0-cbca-4ff5-845a-d30bfa53e0a8","error":{"errorMessage":"Expected authorization in headers, but none provided.","errorCode":"ATP_2"}}}',0);
INSERT INTO "requests" VALUES(2199023255624,'f92fecc0-236d-439d-a292-4cc5799e5cbd',1767225660000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-9','[["content-type","application/json"],["x-api-token","***"]]',8,X'7B226E223A20347D',1,0,1,NULL,'urlTokenId=...7bcf',NULL,1);
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
INSERT INTO "runs" VALUES(2199023255584,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255585,2,1,2,1767225600200000,0,1767225600000000,1767225600200000,1767225600200000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255624,3,0,2,1767225660200000,0,1767225660000000,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE seen (
	tenant_number INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (tenant_number, digest)
)
 WITHOUT ROWID

;
INSERT INTO "seen" VALUES(2,X'6615AFCFE191DBD8487FB2105091D16A9E',2);
INSERT INTO "seen" VALUES(2,X'6653925BE849EED07E1D1226D6091FEB3B',2);
INSERT INTO "seen" VALUES(2,X'669DC8EF35E8C9A39018DC301E0688543B',1);
INSERT INTO "seen" VALUES(2,X'66E63B1358C0304310430978127C4C34C2',1);
INSERT INTO "seen" VALUES(2,X'7414319BEED19DBDC72D9B19D86FD81E99',1);
INSERT INTO "seen" VALUES(2,X'7417749F0209EC9C032229727BF3CCFC48',1);
INSERT INTO "seen" VALUES(2,X'7443FFCC596D8EE016FC946F311CB6574B',1);
INSERT INTO "seen" VALUES(2,X'74FC085297EFDE295B6719452E77C7443A',1);
CREATE TABLE tenants (
	number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "tenants" VALUES(1,'{"settings": {"clock": "real", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {}, "assumptions": {}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO "tenants" VALUES(2,'{"settings": {"clock": "virtual", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {}, "assumptions": {}}, "faults": {"added": 2, "faults": [{"id": "fault-1", "receivedBefore": 3, "addedAt": 1767225600000000, "fault": {"kind": "empty", "when": {"first": 1}}}, {"id": "fault-2", "receivedBefore": 3, "addedAt": 1767225600000000, "fault": {"kind": "run-twice", "when": {"first": 1}}}]}, "earlierTokens": 1}');
CREATE TABLE workflows (
	number INTEGER NOT NULL, 
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "workflows" VALUES(1,1,'{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal"}}');
INSERT INTO "workflows" VALUES(2,2,'{"tenant": 2, "position": 1, "settings": {"name": "Plain"}}');
INSERT INTO "workflows" VALUES(3,2,'{"tenant": 2, "position": 2, "settings": {"name": "Kept"}, "unpublished": {"name": "Kept edits"}}');
INSERT INTO "workflows" VALUES(4,2,'{"tenant": 2, "position": 3, "settings": {"name": "Draft", "draft": true}, "published": false}');
CREATE INDEX calls_without_run ON requests (reason, seq) WHERE runs = 0;
CREATE INDEX runs_by_state ON runs (workflow_number, state, seq);
CREATE INDEX runs_due ON runs (lane, due_at, priority, seq) WHERE state = 0;
COMMIT;
