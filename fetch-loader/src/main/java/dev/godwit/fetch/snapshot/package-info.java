/** The one snapshot of a load: slot, publication, and the connections that read it. */
package dev.godwit.fetch.snapshot;
