/**
 * The values that flow between the parts of the applier: changes, rows, keys, transactions and positions, free of
 * any message format and of any database product.
 */
package dev.godwit.apply.change;
