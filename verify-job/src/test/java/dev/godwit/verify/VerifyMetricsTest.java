package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.ListenAddress;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifyMetricsTest {
    private static final TableName TABLE = new TableName("s", "a \"b\"");

    @Test
    void tellsHowFarTheComparisonIsAndWhatDiffers() throws Exception {
        try (VerifyMetrics metrics = VerifyMetrics.listen(ListenAddress.parse(":0"))) {
            metrics.progress(TABLE, 7);
            metrics.rowDiffers(TABLE, new RowDifference(Kind.MISSING, Map.of("id", "1"), List.of()));
            metrics.rowDiffers(TABLE, new RowDifference(Kind.MISSING, Map.of("id", "2"), List.of()));
            metrics.rowDiffers(TABLE, new RowDifference(Kind.EXTRANEOUS, Map.of("id", "3"), List.of()));

            String page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();

            assertThat(page.lines().filter(line -> !line.startsWith("#")))
                    .containsExactly(
                            "godwit_verify_tables_finished 0",
                            "godwit_verify_truth_rows{table=\"" + escaped() + "\"} 7",
                            "godwit_verify_differing_rows{table=\"" + escaped() + "\",kind=\"extraneous\"} 1",
                            "godwit_verify_differing_rows{table=\"" + escaped() + "\",kind=\"missing\"} 2");
            assertThatThrownBy(() -> VerifyMetrics.listen(ListenAddress.parse(":" + metrics.port())))
                    .isInstanceOf(RefusedException.class);
        }
    }

    private static String escaped() {
        return TABLE.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
