-- The tables of the recorded samples, as PostgreSQL has them. Left out: the computed column, which PostgreSQL does not log, and the collation.
CREATE TYPE mood AS ENUM ('sad','ok','happy');
CREATE TABLE all_types (
  id INT8 PRIMARY KEY, c_bool BOOL, c_i2 INT2, c_i4 INT4, c_i8 INT8, c_f4 FLOAT4, c_f8 FLOAT8,
  c_dec DECIMAL(20,6), c_dec_unb DECIMAL, c_str TEXT, c_varchar VARCHAR(40), c_char CHAR(5), c_bytes BYTEA,
  c_uuid UUID, c_date DATE, c_time TIME, c_timetz TIMETZ, c_ts TIMESTAMP, c_tstz TIMESTAMPTZ, c_interval INTERVAL,
  c_json JSONB, c_inet INET, c_bit BIT(8), c_varbit VARBIT, c_enum mood, c_ia INT[], c_sa TEXT[],
  c_coll TEXT);
CREATE TABLE composite (region TEXT, id UUID, seq DECIMAL(10,2), v TEXT, PRIMARY KEY (region, id, seq));
CREATE TABLE "Weird Name" ("Key Col" TEXT PRIMARY KEY, "select" INT, "ünï" TEXT);
CREATE TABLE nopk (a INT, b TEXT, rowid INT8 PRIMARY KEY);
CREATE TABLE parent (id INT PRIMARY KEY, email TEXT);
CREATE TABLE child (id INT PRIMARY KEY, parent_id INT REFERENCES parent(id), note TEXT);
