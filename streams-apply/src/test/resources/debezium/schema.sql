-- The source behind the messages recorded in this folder (PostgreSQL 17.6, Debezium 3.6.1, connector shop-eu-forward).
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'it''s "happy", {really}');
CREATE DOMAIN shop.positive AS numeric(12,3) CHECK (VALUE > 0);
CREATE TABLE shop.all_types (
  id bigint PRIMARY KEY, c_bool boolean, c_i2 smallint, c_i4 integer, c_i8 bigint, c_f4 real, c_f8 double precision,
  c_num numeric(20,6), c_num_unb numeric, c_num_neg numeric(5,-2), c_text text, c_varchar varchar(40), c_char char(5), c_bytea bytea,
  c_uuid uuid, c_date date, c_time time, c_time3 time(3), c_ts timestamp, c_ts3 timestamp(3), c_ts0 timestamp(0),
  c_tstz timestamptz, c_tstz0 timestamptz(0), c_interval interval, c_json json, c_jsonb jsonb, c_inet inet,
  c_bit bit(8), c_bit1 bit(1), c_bit70 bit(70), c_varbit varbit, c_varbit5 varbit(5), c_enum shop.mood, c_domain shop.positive);
CREATE TABLE shop.all_arrays (
  id bigint PRIMARY KEY, a_bool boolean[], a_i4 int[], a_i8 bigint[], a_f8 float8[], a_num numeric(20,6)[], a_text text[],
  a_char char(5)[], a_bytea bytea[], a_uuid uuid[], a_date date[], a_time time[], a_ts timestamp[], a_tstz timestamptz[],
  a_interval interval[], a_json json[], a_jsonb jsonb[], a_inet inet[], a_bit bit(8)[], a_varbit varbit[], a_enum shop.mood[]);
-- every column out of line, so that an update of n alone does not send the others
CREATE TABLE shop.toast (
  id int PRIMARY KEY, n int, t text, b bytea, j json, jb jsonb, num numeric, ta text[], ia int[], ba bytea[], na numeric[], ea shop.mood[],
  vb varbit, bo bool[]);
ALTER TABLE shop.toast ALTER t SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL, ALTER j SET STORAGE EXTERNAL, ALTER jb SET STORAGE EXTERNAL,
  ALTER num SET STORAGE EXTERNAL, ALTER ta SET STORAGE EXTERNAL, ALTER ia SET STORAGE EXTERNAL, ALTER ba SET STORAGE EXTERNAL,
  ALTER na SET STORAGE EXTERNAL, ALTER ea SET STORAGE EXTERNAL, ALTER vb SET STORAGE EXTERNAL, ALTER bo SET STORAGE EXTERNAL;
CREATE TABLE shop.keyed (region text, id uuid, seq numeric(10,2), v text, PRIMARY KEY (region, id, seq));
CREATE TABLE shop.full_identity (id int PRIMARY KEY, t text, v int);
ALTER TABLE shop.full_identity REPLICA IDENTITY FULL;
CREATE TABLE shop.parent (id int PRIMARY KEY, email text UNIQUE);
CREATE TABLE shop.child (id int PRIMARY KEY, parent_id int REFERENCES shop.parent, note text);
CREATE TABLE shop."Weird Name" ("Key Col" text PRIMARY KEY, "select" int, "ünï" text);
-- a NULL in a column that has a default must stay a NULL
CREATE TABLE shop.defaults (id int PRIMARY KEY, a text DEFAULT 'standard', b int NOT NULL DEFAULT 7, c timestamptz DEFAULT now(), d numeric DEFAULT 1.5,
  e shop.mood DEFAULT 'ok', f int[] DEFAULT '{1}');
CREATE SCHEMA _godwit;
CREATE TABLE _godwit.applied (domain TEXT NOT NULL, last_position TEXT NOT NULL, first_position TEXT NOT NULL, transactions BIGINT NOT NULL,
  rows_written BIGINT NOT NULL, PRIMARY KEY (domain, last_position));
CREATE TABLE _godwit.watermark (domain TEXT PRIMARY KEY, marker TEXT NOT NULL, written_at TIMESTAMPTZ NOT NULL);
