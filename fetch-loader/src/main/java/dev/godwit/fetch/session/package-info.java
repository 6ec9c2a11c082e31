/** Connections that read and write every value in one text form, and what servers say when they fail. */
package dev.godwit.fetch.session;
