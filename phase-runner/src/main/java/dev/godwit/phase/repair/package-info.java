/** Writes the repairs of a comparison as the applier writes. */
package dev.godwit.phase.repair;
