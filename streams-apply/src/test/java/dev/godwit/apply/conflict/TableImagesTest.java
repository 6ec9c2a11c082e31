package dev.godwit.apply.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TableImagesTest {
    private static final Table LOUD = table("loud", true);
    private static final Table KNOWN = table("known", true);
    private static final Table PLAIN = table("plain", false);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TableImages.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void saysOnceForATableThatItsOldRowsAreMissed() {
        Catalog catalog = new Catalog(List.of(LOUD, KNOWN, PLAIN), List.of());
        WriteSets sets = new WriteSets(
                catalog, catalog.tables().keySet(), new WriteSets.Images(Set.of(KNOWN.name()), Set.of(), true), 100);
        for (int i = 0; i < 20; i++) {
            for (Table table : List.of(LOUD, KNOWN, PLAIN)) {
                Change delete = new Change(table, Operation.DELETE, new Key("k" + i), null, null, null);
                sets.of(new Transaction(new Lsn(i), Instant.EPOCH, List.of(delete), null));
            }
        }

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .satisfies(hint -> assertThat(hint)
                        .contains("the old rows of s.loud")
                        .contains("a unique key")
                        .contains("ALTER TABLE s.loud REPLICA IDENTITY FULL"));
    }

    private static Table table(String name, boolean unique) {
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Table(
                new TableName("s", name),
                List.of(
                        new Column("id", text, false, Generation.NONE, false),
                        new Column("code", text, true, Generation.NONE, false)),
                List.of("id"),
                unique ? List.of(new UniqueKey("u", List.of("code"), false, true)) : List.of(),
                ReplicaIdentity.DEFAULT);
    }
}
