/**
 * The end of the data flow: what is applied, kept on the replication target in the same transactions as the data. It
 * is the only truth about that, and the fence that keeps two appliers of one domain apart.
 */
package dev.godwit.apply.ledger;
