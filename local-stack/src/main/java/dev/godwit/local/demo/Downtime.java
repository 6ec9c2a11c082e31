package dev.godwit.local.demo;

import java.time.Duration;
import java.time.Instant;

/**
 * One interruption of a region's traffic, as the application saw it.
 *
 * @param before the side that owned the region when its traffic was stopped
 * @param after the side that owned it when the traffic was let in again; may be the same
 * @param began the last successful transaction before; the stop itself if there had been none
 * @param ended the first successful transaction after
 * @param duration between the two, by a clock that never jumps
 */
public record Downtime(Region region, Side before, Side after, Instant began, Instant ended, Duration duration) {}
