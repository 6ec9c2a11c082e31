/** The schema {@code _godwit}, in which Godwit keeps beside the data what it has applied and how far it is. */
package dev.godwit.database.ledger;
