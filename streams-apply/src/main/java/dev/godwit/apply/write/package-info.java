/**
 * Fourth part of the data flow: folds a batch to the last change of each key, finds an order of statements that the
 * target's constraints allow, and writes rows and ledger entry in one target transaction, again where that may help.
 */
package dev.godwit.apply.write;
