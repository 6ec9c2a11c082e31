/**
 * Where intermediate files lie: a directory, Amazon S3, Google Cloud Storage, Azure Blob Storage. All behave alike: a
 * file is there whole or not at all.
 */
package dev.godwit.fetch.store;
