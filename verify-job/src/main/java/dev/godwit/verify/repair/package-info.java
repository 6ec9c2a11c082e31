/** How differing rows of the target are made equal to the source's; the writing itself belongs to the applier. */
package dev.godwit.verify.repair;
