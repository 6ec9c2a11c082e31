package dev.godwit.connectors.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.connectors.ChangefeedStatus;
import dev.godwit.connectors.ConnectorStatus;
import dev.godwit.connectors.ForwardStatus;
import dev.godwit.connectors.PhaseDirection;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a status for people, or as one line of JSON. */
final class StatusReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final boolean asJson;

    StatusReport(PrintWriter out, boolean asJson) {
        this.out = out;
        this.asJson = asJson;
    }

    void print(PhaseDirection phase, ForwardStatus status) {
        if (asJson) {
            out.println(json(phase, status));
            return;
        }
        out.println("connector " + phase.domain() + ": "
                + status.connector().map(StatusReport::words).orElse("absent"));
        status.connector().stream()
                .flatMap(connector -> connector.tasks().stream())
                .forEach(task ->
                        out.println("  task " + task.id() + ": " + task.state().toLowerCase(Locale.ROOT)
                                + task.reason().map(reason -> ": " + reason).orElse("")));
        out.println("slot " + phase.slotName() + ": "
                + status.slot()
                        .map(slot -> (slot.active() ? "read by " + slot.holder().orElse("a process") : "not read")
                                + ", confirmed up to " + slot.confirmedFlushLsn() + ", " + slot.lagBytes()
                                + " bytes behind, WAL " + slot.walStatus())
                        .orElse("absent"));
    }

    private static String words(ConnectorStatus connector) {
        return connector.state().toLowerCase(Locale.ROOT)
                + connector.reason().map(reason -> ": " + reason).orElse("");
    }

    private static ObjectNode json(PhaseDirection phase, ForwardStatus status) {
        ObjectNode line = JSON.createObjectNode();
        line.put("connector", phase.domain());
        line.put("state", status.connector().map(ConnectorStatus::state).orElse("ABSENT"));
        status.connector().flatMap(ConnectorStatus::reason).ifPresent(reason -> line.put("reason", reason));
        line.put("flowing", status.isFlowing());
        ArrayNode tasks = line.putArray("tasks");
        status.connector().stream()
                .flatMap(connector -> connector.tasks().stream())
                .forEach(task -> {
                    ObjectNode node = tasks.addObject().put("id", task.id()).put("state", task.state());
                    task.reason().ifPresent(reason -> node.put("reason", reason));
                });
        status.slot().ifPresent(slot -> line.putObject("slot")
                .put("name", slot.name())
                .put("active", slot.active())
                .put("confirmed_flush_lsn", slot.confirmedFlushLsn())
                .put("lag_bytes", slot.lagBytes())
                .put("wal_status", slot.walStatus()));
        return line;
    }

    void print(PhaseDirection phase, ChangefeedStatus status) {
        if (asJson) {
            ObjectNode line = JSON.createObjectNode();
            line.put("changefeed", phase.domain());
            line.put("name", status.name());
            line.put("state", status.state().name());
            status.reason().ifPresent(reason -> line.put("reason", reason));
            status.resolved().ifPresent(resolved -> line.put("resolved", resolved));
            line.put("meaning", status.meaning());
            out.println(line);
            return;
        }
        out.println("changefeed " + phase.domain() + " (" + status.name() + "): "
                + status.state().name().toLowerCase(Locale.ROOT)
                + status.reason().map(reason -> ": " + reason).orElse("")
                + status.resolved()
                        .map(resolved -> ", everything sent up to " + resolved)
                        .orElse(""));
        out.println("  " + status.meaning());
    }
}
