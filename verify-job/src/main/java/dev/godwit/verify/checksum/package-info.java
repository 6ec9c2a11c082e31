/** SQL by which a database itself says what a range of rows amounts to: how a row is encoded and hashed, how keys are cut into ranges. */
package dev.godwit.verify.checksum;
