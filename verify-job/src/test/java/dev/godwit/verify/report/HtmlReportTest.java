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
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
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
                .contains("0/16B3748<br/>second line")
                .contains("2026-03-31 10:00:00 UTC");
    }

    /** Read by an XML parser, which forgives nothing, as it is. */
    @Test
    void isWellFormedAndNeedsNothingElse() throws Exception {
        Document report = parse(HtmlReport.render(HEADER, different(), Values.SHOWN));

        assertThat(report.getElementsByTagName("table").getLength()).isEqualTo(5);
        Set<String> elements = new TreeSet<>();
        Set<String> attributes = new TreeSet<>();
        NodeList all = report.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            elements.add(all.item(i).getNodeName());
            NamedNodeMap named = all.item(i).getAttributes();
            for (int j = 0; j < named.getLength(); j++) {
                attributes.add(named.item(j).getNodeName());
            }
        }
        assertThat(elements)
                .as("none that loads or runs anything")
                .containsExactly(
                        "body", "br", "code", "h1", "h2", "head", "html", "meta", "p", "span", "style", "table", "td",
                        "th", "title", "tr");
        assertThat(attributes).containsExactly("charset", "class", "content", "http-equiv", "lang", "name");
        assertThat(report.getElementsByTagName("style").item(0).getTextContent())
                .doesNotContain("url(")
                .doesNotContain("@import");
    }

    @Test
    void isWellFormedWhateverStandsInTheDatabase() throws Exception {
        StringBuilder every = new StringBuilder();
        for (int point = 0; point <= 0xFFFF; point++) {
            every.append((char) point);
        }
        for (int from = 0; from < every.length(); from += 250) {
            String text = every.substring(from, Math.min(every.length(), from + 250));
            parse("<p>" + HtmlText.escaped(text) + "</p>");
        }
        parse("<p>" + HtmlText.escaped("\uD83D\uDC26".repeat(400).substring(1) + "\uDBFF\uDFFF") + "</p>");
    }

    private static Document parse(String html) throws Exception {
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        parser.setEntityResolver((name, system) -> {
            throw new IllegalStateException("it refers to " + system);
        });
        parser.setErrorHandler(null);
        return parser.parse(new InputSource(new StringReader(html)));
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
                List.of(
                        new TableReport(
                                TABLE,
                                new RowCounts(5000, 3766, 0, 0, 1234, 0, 0, 3),
                                List.of(difference),
                                Optional.empty(),
                                Optional.empty(),
                                77),
                        new TableReport(
                                new TableName("public", "keyless"),
                                new RowCounts(0, 0, 0, 0, 0, 0, 0, 0),
                                List.of(),
                                Optional.of("it has no primary key"),
                                Optional.empty(),
                                0)),
                List.of(new StructureDifference(TABLE, "c", "missing on the target")),
                List.of(new StructureDifference(TABLE, null, "index on the source only: (a < b)")),
                Duration.ofMillis(61_234));
    }
}
