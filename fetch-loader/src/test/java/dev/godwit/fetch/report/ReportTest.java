package dev.godwit.fetch.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.plan.Problems;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final TableName TABLE = TableName.parse("migration_schema.employees");

    @Test
    void amountsAreReadable() {
        assertThat(Amounts.rows(1_234_567)).isEqualTo("1,234,567");
        assertThat(List.of(Amounts.bytes(999), Amounts.bytes(1000), Amounts.bytes(999_949), Amounts.bytes(999_950)))
                .containsExactly("999 B", "1.0 kB", "999.9 kB", "1.0 MB");
        assertThat(Amounts.bytes(5_000_000_000_000_000L)).isEqualTo("5000.0 TB");
        assertThat(Amounts.time(Duration.ofMillis(1_249))).isEqualTo("1.2 s");
        assertThat(Amounts.time(Duration.ofSeconds(61))).isEqualTo("1 min 01 s");
        assertThat(Amounts.time(Duration.ofMinutes(125))).isEqualTo("2 h 05 min");
        assertThat(Amounts.moltTime(Duration.ofSeconds(3661))).isEqualTo("001h 01m 01s");
    }

    @Test
    void jsonLinesCarryMoltsMessagesAndFields() {
        StringWriter text = new StringWriter();
        JsonReport report = new JsonReport(
                new PrintWriter(text), Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC));
        report.loadNamed("f-1");
        report.loadStarted("0/43A1960", Map.of(TABLE, 190_000L));
        report.tableStarted(TABLE);
        report.progressed(TABLE, 100, 1000);
        report.tableLoaded(TABLE, 200_000, 9_000_000, Duration.ofMillis(1500));
        report.loadComplete(
                new FetchResult("f-1", "0/43A1960", Map.of(TABLE, 200_000L), 9_000_000, Duration.ofMillis(2500)));
        String time = "\"time\":\"2026-01-02T03:04:05.678Z\"";
        String table = "\"table\":\"migration_schema.employees\"";
        assertThat(text.toString().lines())
                .containsExactly(
                        "{\"level\":\"info\",\"type\":\"summary\",\"fetch_id\":\"f-1\",\"num_tables\":1,\"cdc_cursor\":\"0/43A1960\","
                                + time + ",\"message\":\"starting fetch\"}",
                        "{\"level\":\"info\"," + table + "," + time
                                + ",\"message\":\"data extraction phase starting\"}",
                        "{\"level\":\"info\"," + table + "," + time
                                + ",\"message\":\"starting data import on target\"}",
                        "{\"level\":\"info\"," + table + ",\"type\":\"summary\",\"num_rows\":200000,"
                                + "\"export_duration_ms\":1500.0,\"export_duration\":\"000h 00m 01s\"," + time
                                + ",\"message\":\"data extraction from source complete\"}",
                        "{\"level\":\"info\"," + table + ",\"type\":\"summary\",\"net_duration_ms\":1500.0,"
                                + "\"net_duration\":\"000h 00m 01s\",\"import_duration_ms\":1500.0,"
                                + "\"import_duration\":\"000h 00m 01s\",\"export_duration_ms\":1500.0,"
                                + "\"export_duration\":\"000h 00m 01s\",\"num_rows\":200000,\"num_bytes\":9000000,"
                                + "\"cdc_cursor\":\"0/43A1960\"," + time
                                + ",\"message\":\"data import on target for table complete\"}",
                        "{\"level\":\"info\",\"type\":\"summary\",\"fetch_id\":\"f-1\",\"num_tables\":1,\"tables\":[\"migration_schema.employees\"],"
                                + "\"num_rows\":200000,\"num_bytes\":9000000,\"cdc_cursor\":\"0/43A1960\","
                                + "\"net_duration_ms\":2500.0,\"net_duration\":\"000h 00m 02s\"," + time
                                + ",\"message\":\"fetch complete\"}");
    }

    @Test
    void barFillsAsRowsArriveAndMakesRoomForText() {
        StringWriter text = new StringWriter();
        ProgressBar bar = ProgressBar.on(new PrintWriter(text));
        bar.started(Map.of(TABLE, 100L));
        assertThat(text.toString()).startsWith("\r[------------------------]   0 %  0 of 1 tables");
        bar.progressed(TABLE, 250, 1000);
        bar.tableLoaded(TABLE);
        assertThat(text.toString()).contains("[########################] 100 %  1 of 1 tables, 250 rows, 1.0 kB");
        bar.clear();
        assertThat(text.toString()).endsWith(" \r");
    }

    @Test
    void oneProblemSpeaksForItselfAndSeveralAreListed() {
        Problems problems = new Problems();
        problems.refuseIfAny();
        problems.add("first", "mend it");
        assertThat(refusal(problems))
                .hasMessage("first")
                .extracting(RefusedException::remedy)
                .isEqualTo("mend it");
        problems.add("second", "mend that");
        assertThat(refusal(problems))
                .hasMessage("2 problems stand in the way of this load:\n- first\n    remedy: mend it"
                        + "\n- second\n    remedy: mend that");
    }

    private static RefusedException refusal(Problems problems) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(RefusedException.class, problems::refuseIfAny);
    }
}
