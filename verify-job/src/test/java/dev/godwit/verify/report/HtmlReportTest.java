package dev.godwit.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowCounts;
import dev.godwit.verify.RowDifference;
import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import dev.godwit.verify.TableReport;
import dev.godwit.verify.VerifyReport;
import dev.godwit.verify.report.HtmlReport.Values;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final TableName TABLE = new TableName("public", "<script>alert('t')</script>");
    private static final ReportHeader HEADER = new ReportHeader(
            "an&na",
            Instant.parse("2026-03-31T10:00:00Z"),
            Instant.parse("2026-03-31T10:01:00Z"),
            "postgresql://app:***@old/shop",
            "PostgreSQL 17",
            "postgresql://app:***@new/shop",
            "CockroachDB",
            Map.of("Source's log at the start", "0/16B3748\nsecond line"));

    @Test
    void escapesEverythingThatComesFromOutside() {
        String html = HtmlReport.render(HEADER, different(), Values.SHOWN);
        assertThat(html)
                .doesNotContain("<script")
                .doesNotContain("onerror=\"")
                .contains("&lt;script&gt;alert(&#39;t&#39;)&lt;/script&gt;")
                .contains("an&amp;na")
                .contains("\\u202e")
                .contains("0/16B3748<br>second line")
                .contains("2026-03-31 10:00:00 UTC");
    }

    @Test
    void isWellFormedAndNeedsNothingElse() throws Exception {
        String html = HtmlReport.render(HEADER, different(), Values.SHOWN);
        assertThat(html)
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContain("http:")
                .doesNotContain("https:");
        String xml = html.replace("<!DOCTYPE html>\n", "").replaceAll("<(meta[^>]*|br)>", "<$1/>");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(xml)))
                        .getElementsByTagName("table")
                        .getLength())
                .isEqualTo(5);
    }

    @Test
    void showsNoValuesUnlessAskedToAndTellsHowManyThereAre() {
        String html = HtmlReport.render(HEADER, different(), Values.HIDDEN);
        assertThat(html)
                .contains("Different: 1,234 rows")
                .contains("The first 1 of 1,234")
                .contains("differs")
                .contains("<td class=\"n\">77</td>")
                .contains("id=&lt;b&gt;7")
                .doesNotContain("secret-value");
        assertThat(HtmlReport.render(HEADER, different(), Values.SHOWN)).contains("&#39;secret-value&#39; / NULL");
    }

    private static VerifyReport different() {
        RowDifference difference = new RowDifference(
                Kind.MISMATCH,
                Map.of("id", "<b>7\u202e\""),
                List.of(new ColumnDifference("v\" onerror=\"x", "secret-value", null)));
        return new VerifyReport(
                List.of(new TableReport(
                        TABLE,
                        new RowCounts(5000, 3766, 0, 0, 1234, 0, 0, 3),
                        List.of(difference),
                        Optional.empty(),
                        Optional.empty(),
                        77)),
                List.of(new StructureDifference(TABLE, "c", "missing on the target")),
                List.of(new StructureDifference(TABLE, null, "index on the source only: (a < b)")),
                Duration.ofMillis(61_234));
    }
}
