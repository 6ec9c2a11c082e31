package dev.godwit.fetch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadLockTest {
    @Test
    void onlyOneProcessAtATimeRunsALoad() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        try (LoadLock first = LoadLock.take(databases.source, "a");
                LoadLock other = LoadLock.take(databases.source, "b", Duration.ZERO)) {
            assertThat(other.connection().isClosed()).isFalse();
            assertThatThrownBy(() -> LoadLock.take(databases.source, "a", Duration.ofMillis(50)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("load a is being run by another process");
            assertThat(first.connection().isClosed()).isFalse();
        }
        LoadLock.take(databases.source, "a").close();
    }
}
