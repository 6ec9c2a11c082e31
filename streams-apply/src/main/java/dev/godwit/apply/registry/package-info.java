/**
 * Schemas of Avro messages, from a Schema Registry that speaks Confluent's REST API (Confluent's own, Apicurio's, Karapace
 * and others do).
 */
package dev.godwit.apply.registry;
