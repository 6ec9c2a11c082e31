package dev.godwit.fetch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FetchMetricsTest {
    private static final TableName TABLE = TableName.parse("public.users");

    @Test
    void countsAreOfferedUnderBothNames() throws Exception {
        FetchMetrics metrics = new FetchMetrics();
        metrics.loadStarted("0/1", Map.of(TABLE, 500L));
        metrics.tableStarted(TABLE);
        metrics.progressed(TABLE, 300, 9_000);
        try (MetricsEndpoint endpoint = MetricsEndpoint.open("127.0.0.1:0", metrics)) {
            String address = endpoint.address().orElseThrow();
            assertThat(read(address))
                    .contains("molt_fetch_num_tables 1.0")
                    .contains("molt_fetch_rows_exported{table=\"public.users\"} 300")
                    .contains("godwit_fetch_rows_exported{table=\"public.users\"} 300")
                    .contains("molt_fetch_rows_imported{table=\"public.users\"} 0")
                    .contains("# TYPE molt_fetch_overall_duration gauge");
            metrics.tableLoaded(TABLE, 480, 10_000, Duration.ofMillis(1500));
            metrics.failed();
            assertThat(read(address))
                    .contains("molt_fetch_rows_imported{table=\"public.users\"} 480")
                    .contains("molt_fetch_table_export_duration_ms{table=\"public.users\"} 1500")
                    .contains("molt_fetch_table_import_duration_ms{table=\"public.users\"} 1500")
                    .contains("molt_fetch_num_task_errors 1.0");
        }
        assertThatThrownBy(() -> MetricsEndpoint.open("nowhere", metrics))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is no address");
    }

    private static String read(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
