/** PostgreSQL's replication origins, by which a log tells what was written by replication from what was written by others. */
package dev.godwit.database.origin;
