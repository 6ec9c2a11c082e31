package dev.godwit.verify;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a comparison has come and what it has found, for Prometheus: {@code GET /metrics}, as long as the comparison runs. Thread-safe.
 */
final class VerifyMetrics implements VerifyListener, AutoCloseable {
    private final HttpServer server;
    private final Map<String, Long> truthRows = new TreeMap<>();
    private final Map<String, Map<String, Long>> differingRows = new TreeMap<>();
    private long tablesFinished;

    private VerifyMetrics(HttpServer server) {
        this.server = server;
    }

    /** @throws RefusedException if the address cannot be listened on */
    static VerifyMetrics listen(InetSocketAddress address) {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new RefusedException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                    "choose another --metrics-listen-addr; port 0 is any free one",
                    e);
        }
        VerifyMetrics metrics = new VerifyMetrics(server);
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                byte[] text = metrics.text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        });
        server.start();
        return metrics;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Another comparison begins: the numbers are those of the latest one. */
    synchronized void startAgain() {
        truthRows.clear();
        differingRows.clear();
        tablesFinished = 0;
    }

    @Override
    public synchronized void progress(TableName table, long rows) {
        truthRows.put(table.toString(), rows);
    }

    @Override
    public synchronized void rowDiffers(TableName table, RowDifference difference) {
        differingRows
                .computeIfAbsent(table.toString(), name -> new TreeMap<>())
                .merge(difference.kind().name().toLowerCase(Locale.ROOT), 1L, Long::sum);
    }

    @Override
    public synchronized void tableFinished(TableReport report) {
        truthRows.put(report.table().toString(), report.counts().truthRows());
        tablesFinished++;
    }

    private synchronized String text() {
        StringBuilder out = new StringBuilder();
        head(out, "godwit_verify_tables_finished", "Tables compared to the end.");
        out.append("godwit_verify_tables_finished ").append(tablesFinished).append('\n');
        head(out, "godwit_verify_truth_rows", "Rows of the source compared so far.");
        truthRows.forEach((table, rows) -> out.append("godwit_verify_truth_rows{table=\"")
                .append(label(table))
                .append("\"} ")
                .append(rows)
                .append('\n'));
        head(out, "godwit_verify_differing_rows", "Rows that differ, by kind.");
        differingRows.forEach(
                (table, kinds) -> kinds.forEach((kind, rows) -> out.append("godwit_verify_differing_rows{table=\"")
                        .append(label(table))
                        .append("\",kind=\"")
                        .append(kind)
                        .append("\"} ")
                        .append(rows)
                        .append('\n')));
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(" gauge\n");
    }

    private static String label(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
