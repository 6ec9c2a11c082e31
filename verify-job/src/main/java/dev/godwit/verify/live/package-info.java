/** Where replication stands: the source's position, and the consistent point that the target's ledger tells. */
package dev.godwit.verify.live;
