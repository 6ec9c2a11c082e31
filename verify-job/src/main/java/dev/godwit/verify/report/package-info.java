/** The report of a comparison as one HTML file, for a change ticket. */
package dev.godwit.verify.report;
