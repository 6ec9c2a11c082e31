/** What a process that runs for long shows of itself over HTTP: metrics for Prometheus, liveness and readiness. */
package dev.godwit.phase.service;
