BEGIN TRANSACTION;
CREATE TABLE ledgers (
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (tenant_number)
);
INSERT INTO "ledgers" VALUES(0,'{"tenant_number":0,"calls":2,"received":1,"refused":1,"accepted":0,"extra_runs":0,"ignored":0,"succeeded":0,"failed":0,"blocked":0,"pending":0,"duplicates":0,"other_calls":1,"refused_by":{"unknown-trigger":1},"other_by":{"unknown-path":1},"now":1795730632398311,"day":0,"runs_today":0,"attempts":{},"dropped_from":null,"dropped_to":null,"not_stored":0,"skipped":0}');
INSERT INTO "ledgers" VALUES(2,'{"tenant_number":2,"calls":12,"received":10,"refused":1,"accepted":9,"extra_runs":2,"ignored":1,"succeeded":3,"failed":2,"blocked":3,"pending":2,"duplicates":1,"other_calls":2,"refused_by":{"not-json":1},"other_by":{"run-now":1,"unknown-path":1},"now":-50000000,"day":-1,"runs_today":7,"attempts":{"4/0":2},"dropped_from":null,"dropped_to":null,"not_stored":0,"skipped":0}');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('store_version','5');
INSERT INTO "meta" VALUES('seed','7');
INSERT INTO "meta" VALUES('tenant','2');
INSERT INTO "meta" VALUES('workflow','6');
INSERT INTO "meta" VALUES('workflow of tenant 1','1');
INSERT INTO "meta" VALUES('workflow of tenant 2','5');
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
	faults TEXT, 
	PRIMARY KEY (seq)
);
INSERT INTO "requests" VALUES(8,'3fe05af9-c216-4a74-9e37-79b97f4a7c15',1795730632397963,'POST','/inbound-event/v1/events/json/triggers',404,NULL,'unknown-trigger',NULL,'[["content-type","application/json"]]',2,X'',0,0,0,NULL,'urlTokenId=***','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","requestId":"3fe05af9-c216-4a74-9e37-79b97f4a7c15","error":{"errorMessage":"No workflow is associated with the token in this URL."}}}',NULL,'');
INSERT INTO "requests" VALUES(16,'7d817d4f-b053-4939-bc6e-f372fe94f82a',1795730632398311,'GET','/nowhere',404,NULL,'unknown-path',NULL,'[]',0,X'',0,0,0,NULL,'','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","error":{"errorMessage":"The requested resource does not exist."}}}',NULL,'');
INSERT INTO "requests" VALUES(2199023255560,'3c7a78ac-0a12-4b34-b0d6-7ef97f4a7c15',-150000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,1,NULL,'urlTokenId=...07ad',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255568,'f96c80ff-b34b-4559-8f0d-f8b2fe94f82a',-150000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-2','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,1,NULL,'urlTokenId=...7bcf',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255576,'df3ebec0-19d1-4300-ad45-726c7ddf743f',-150000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-3','[["content-type","application/json"],["x-api-token","***"]]',2,X'7B7D',1,0,1,NULL,'urlTokenId=...7bcf',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255584,'bba1f019-fecf-4f66-8b7c-ec25fd29f054',-130000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-4','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,1,NULL,'urlTokenId=...5e5d',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255592,'9fa0d562-1adc-46f8-a9b4-65df7c746c69',-130000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-5','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,1,NULL,'urlTokenId=...8c1c',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255600,'efa17f57-88da-43aa-87eb-df98fbbee87e',-130000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-6','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,0,NULL,'urlTokenId=...d795',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255608,'9347fb31-4693-4946-a623-59527b096493',-130000000,'POST','/inbound-event/v1/events/json/triggers',400,NULL,'not-json','t-7','[["content-type","application/json"],["x-api-token","***"]]',7,X'6E6F206A736F6E',0,0,0,NULL,'urlTokenId=...07ad','[400, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"400 - Bad Request","requestId":"9347fb31-4693-4946-a623-59527b096493","error":{"errorMessage":"The body is not valid JSON: Expecting value at line 1, column 1."}}}',1,'');
INSERT INTO "requests" VALUES(2199023255616,'d84ffca0-cbca-4ff5-845a-d30bfa53e0a8',-80000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-8','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,2,NULL,'urlTokenId=...07ad','[202, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"202 - Accepted","requestId":"d84ffca0-cbca-4ff5-845a-d30bfa53e0a8"}}',1,'run-twice');
INSERT INTO "requests" VALUES(2199023255624,'f92fecc0-236d-439d-a292-4cc5799e5cbd',-80000000,'POST','/__control/v1/workflows/WF_Uw1qUY0RT3R5tMh/run',201,NULL,NULL,NULL,'[]',2,X'7B7D',0,0,1,NULL,NULL,NULL,NULL,'');
INSERT INTO "requests" VALUES(2199023255632,'13992906-51f2-44c8-80c9-c67ef8e8d8d2',-80000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-1','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,1,1,NULL,'urlTokenId=...07ad',NULL,1,'');
INSERT INTO "requests" VALUES(2199023255640,'7bb07005-f74c-4eeb-9f01-4038783354e7',-80000000,'POST','/elsewhere',404,NULL,'unknown-path',NULL,'[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',0,0,0,NULL,'urlTokenId=...07ad','[404, [["content-type", "application/json"]]]
{"meta":{"httpStatus":"404 - Not Found","error":{"errorMessage":"The requested resource does not exist."}}}',1,'');
INSERT INTO "requests" VALUES(2199023255648,'da14b9e3-be6a-4950-bd38-b9f1f77dd0fc',-50000000,'POST','/inbound-event/v1/events/json/triggers',202,NULL,NULL,'t-9','[["content-type","application/json"],["x-api-token","***"]]',26,X'7B22656D61696C223A202261406578616D706C652E636F6D227D',1,0,1,NULL,'urlTokenId=...07ad',NULL,1,'');
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
INSERT INTO "runs" VALUES(2199023255560,2,1,2,-105000000,0,-150000000,-105000000,-105000000,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255568,3,1,2,-149800000,0,-150000000,-149800000,-149800000,NULL,NULL,'{"fields":{"email":"a@example.com"},"tasks":[{"name":"Invite","type":"email","status":"Succeeded","attempts":1,"error":null,"settings":{"to":"a@example.com"}}],"notifications":[]}',0);
INSERT INTO "runs" VALUES(2199023255576,3,2,2,-149800000,0,-150000000,-149800000,-149800000,NULL,'task Invite failed: the field email has no value: nothing at $.email','{"fields":{},"tasks":[{"name":"Invite","type":"email","status":"Failed","attempts":1,"error":"the field email has no value: nothing at $.email","settings":{"to":"~{aedj://email}"}}],"notifications":[{"kind":"task-failed","at":"1969-12-31T23:57:30.200000Z","task":"Invite","message":"task Invite failed: the field email has no value: nothing at $.email"}]}',0);
INSERT INTO "runs" VALUES(2199023255584,4,1,2,-69800000,1,-130000000,-129800000,-69800000,NULL,NULL,'{"fields":{},"tasks":[{"name":"Record","type":"record","status":"Succeeded","attempts":2,"error":null,"settings":{}}],"notifications":[]}',0);
INSERT INTO "runs" VALUES(2199023255592,5,3,2,-100000000,0,-130000000,NULL,-100000000,NULL,'the workflow was deleted before the run could start',NULL,0);
INSERT INTO "runs" VALUES(2199023255616,2,0,2,-35000000,0,-80000000,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255617,2,0,2,-35000000,0,-80000000,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "runs" VALUES(2199023255624,2,3,2,-80000000,0,-80000000,NULL,-80000000,NULL,'the daily limit of 7 runs is reached',NULL,1);
INSERT INTO "runs" VALUES(2199023255632,2,3,2,-80000000,0,-80000000,NULL,-80000000,NULL,'the daily limit of 7 runs is reached',NULL,0);
INSERT INTO "runs" VALUES(2199023255648,2,3,2,-50000000,0,-50000000,NULL,-50000000,NULL,'the daily limit of 7 runs is reached',NULL,0);
CREATE TABLE seen (
	tenant_number INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (tenant_number, digest)
)
 WITHOUT ROWID

;
INSERT INTO "seen" VALUES(2,X'664F9E97D80B39F9D365E98AF7C3FB0E9F',3);
INSERT INTO "seen" VALUES(2,X'7414319BEED19DBDC72D9B19D86FD81E99',1);
INSERT INTO "seen" VALUES(2,X'7417749F0209EC9C032229727BF3CCFC48',1);
INSERT INTO "seen" VALUES(2,X'7417BA463E9BD5A73FAB53D5A2421184F6',1);
INSERT INTO "seen" VALUES(2,X'741AC256DBD3F7E2DA23FD4F5F8DDA44C0',1);
INSERT INTO "seen" VALUES(2,X'743D2DE271D67ABA939564EFADDFF922D6',1);
INSERT INTO "seen" VALUES(2,X'7443FFCC596D8EE016FC946F311CB6574B',1);
INSERT INTO "seen" VALUES(2,X'74B9E1E7DA36E5BD604468CCCC4098BE98',1);
INSERT INTO "seen" VALUES(2,X'74FC085297EFDE295B6719452E77C7443A',2);
CREATE TABLE tenants (
	number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "tenants" VALUES(1,'{"settings": {"clock": "real", "startAt": "2026-01-01T00:00:00.000000Z", "seed": 7, "limits": {}, "assumptions": {}}, "faults": {"added": 0, "faults": []}}');
INSERT INTO "tenants" VALUES(2,'{"settings": {"clock": "virtual", "startAt": "1969-12-31T23:57:30.000000Z", "seed": 7, "limits": {"runsPerDay": 7}, "assumptions": {"disabledStatus": 202}}, "faults": {"added": 1, "faults": [{"id": "fault-1", "receivedBefore": 7, "addedAt": -80000000, "fault": {"kind": "run-twice", "when": {"first": 1}}}]}}');
CREATE TABLE workflows (
	number INTEGER NOT NULL, 
	tenant_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "workflows" VALUES(1,1,'{"tenant": 1, "position": 1, "settings": {"name": "Rehearsal"}}');
INSERT INTO "workflows" VALUES(2,2,'{"tenant": 2, "position": 1, "settings": {"name": "Plain", "delay": {"kind": "fixed", "seconds": 45}}}');
INSERT INTO "workflows" VALUES(3,2,'{"tenant": 2, "position": 2, "settings": {"name": "Task", "fields": [{"name": "email", "path": "$.email"}], "tasks": [{"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}]}}');
INSERT INTO "workflows" VALUES(4,2,'{"tenant": 2, "position": 3, "settings": {"name": "Retry", "retryTasks": true, "tasks": [{"name": "Record", "type": "record", "failFirst": 1}]}}');
INSERT INTO "workflows" VALUES(6,2,'{"tenant": 2, "position": 5, "settings": {"name": "Off", "enabled": false}}');
CREATE INDEX calls_without_run ON requests (reason, seq) WHERE runs = 0;
CREATE INDEX runs_due ON runs (lane, due_at, priority, seq) WHERE state = 0;
CREATE INDEX runs_by_state ON runs (workflow_number, state, seq);
COMMIT;
