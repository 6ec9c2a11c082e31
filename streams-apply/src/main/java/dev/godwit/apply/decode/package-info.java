/**
 * First part of the data flow: turns the bytes of one Kafka record into one {@link dev.godwit.apply.decode.Event},
 * every value into the text of the database. Knows the message formats; whatever it does not understand stops the
 * applier.
 */
package dev.godwit.apply.decode;
