package dev.godwit.phase.demo;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.LocalStack;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the phase file of a region, as a user would. */
public final class DemoPhaseFile {
    public static final String MIGRATION = "shop";

    private DemoPhaseFile() {}

    /** As {@link #write(LocalStack, Database, Database, Region, boolean)}, for a region that is alone. */
    public static Path write(LocalStack stack, Database source, Database target, Region region) throws IOException {
        return write(stack, source, target, region, true);
    }

    /**
     * @param first whether no phase was before it: real CockroachDB is then loaded by {@code IMPORT INTO}
     * @return the file, beside the stack's other files
     */
    public static Path write(LocalStack stack, Database source, Database target, Region region, boolean first)
            throws IOException {
        Path directory = Files.createDirectories(stack.directory().resolve("phases"));
        Path finalize = directory.resolve("finalize.sql");
        Files.writeString(finalize, String.join(";\n", DemoSchema.finalizeStatements(target.product())) + ";\n");
        List<String> lines = new ArrayList<>(List.of(
                "migration: " + MIGRATION,
                "phase: " + region.code(),
                "source:",
                "  url: " + source.url().withPassword(),
                "target:",
                "  url: " + target.url().withPassword(),
                "kafka:",
                "  bootstrap-servers: " + stack.kafka().bootstrapServers(),
                "  connect-url: " + stack.connect().restUrl(),
                "tables:"));
        for (TableName table : DemoSchema.TABLES) {
            lines.add("  - name: " + table);
            lines.add("    filter: \"" + region.filter() + "\"");
        }
        if (first && stack.targetKind() == Target.COCKROACHDB) {
            // Later phases find rows of this one in the same tables, and their load must not take these offline.
            lines.add("fetch:");
            lines.add("  files:");
            lines.add("    local-path: " + region.code() + "-files");
            lines.add("    local-path-listen-addr: 127.0.0.1:0");
            lines.add("    cleanup: true");
        }
        lines.add("finalize: [finalize.sql]");
        lines.add("failback:");
        lines.add("  changefeed: " + (stack.targetKind() == Target.COCKROACHDB ? "cockroachdb" : "external"));
        return Files.write(directory.resolve(region.code() + ".yaml"), lines);
    }
}
