package dev.godwit.verify.report;

import java.time.Instant;
import java.util.Map;

/**
 * Who compared what, when and how.
 *
 * @param facts further lines in their order, such as positions and settings; never a password
 */
public record ReportHeader(
        String who,
        Instant startedAt,
        Instant endedAt,
        String source,
        String sourceVersion,
        String target,
        String targetVersion,
        Map<String, String> facts) {}
