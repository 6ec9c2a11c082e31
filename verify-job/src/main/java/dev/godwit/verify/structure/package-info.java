/** What differs in structure without losing or changing a value: told as warnings. */
package dev.godwit.verify.structure;
