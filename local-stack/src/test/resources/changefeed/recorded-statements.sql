-- One transaction a line: what was done while the samples were recorded.
INSERT INTO all_types VALUES (1,true,-32768,2147483647,9223372036854775806,1.5,0.1,12345678901234.123456,0.000000000000000000000000000001,'plain','v','c','\x00ff10616263','63616665-6630-3064-6465-616462656566','2024-02-29','23:59:59.999999','12:34:56.789+02','1999-12-31 23:59:59.999999','2024-06-30 05:00:00.123456+02','1 year 2 mons 3 days 04:05:06.789','{"b": {"c": true}, "a": [1, 2.50, null, "x"]}','192.168.0.1/16',B'10101010',B'101','happy','{1,NULL,3}','{a,"b\"c",NULL}','Straße'), (2,false,0,0,0,'NaN','Infinity','NaN','Infinity','','','','\x','00000000-0000-0000-0000-000000000000','0001-01-01','00:00:00','00:00:00-15:59','0001-01-01 00:00:00','9999-12-31 23:59:59.999999+00','-1 days',NULL,'::1',B'00000000',B'','sad','{}','{}','')
INSERT INTO all_types (id) VALUES (3)
INSERT INTO all_types (id, c_date, c_f8, c_json, c_str, c_ts) VALUES (4, 'infinity', '-0', '"just a string"', E'quote '' dq " backslash \\ newline \n tab \t emoji 🐦 nul-free', 'infinity')
INSERT INTO composite VALUES ('eu','63616665-6630-3064-6465-616462656566',1.5,'x'), ('us/east"q','63616665-6630-3064-6465-616462656567',-0.01,NULL)
INSERT INTO "Weird Name" VALUES ('k 1', 5, 'é')
INSERT INTO nopk VALUES (1,'a',1229696640032669697), (1,'a',1229696640032735233)
INSERT INTO parent VALUES (1,'a@x'), (2,'b@x'); INSERT INTO child VALUES (10,1,'n1'), (11,2,'n2')
UPDATE parent SET email = 'swapping' WHERE id = 1; UPDATE parent SET email = 'a@x' WHERE id = 2; UPDATE parent SET email = 'b@x' WHERE id = 1
UPDATE all_types SET c_i8 = 7, c_str = 'changed' WHERE id = 1
UPDATE composite SET v = 'y' WHERE region = 'eu'
DELETE FROM all_types WHERE id = 3
DELETE FROM child WHERE id = 11; DELETE FROM parent WHERE id = 2
UPDATE all_types SET id = 40 WHERE id = 4
ALTER TABLE child ADD COLUMN extra INT8 DEFAULT 5
INSERT INTO child VALUES (12, 1, 'after ddl', 9)
