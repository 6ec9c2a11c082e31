/** The files in which users say what to compare: filters and transformations, in the formats of MOLT's public documentation. */
package dev.godwit.verify.filter;
