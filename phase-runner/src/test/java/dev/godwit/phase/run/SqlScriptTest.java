package dev.godwit.phase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void cutsAtSemicolons() {
        assertThat(cut("CREATE INDEX a ON t (x);\n\n;ALTER TABLE t ADD y INT"))
                .containsExactly("CREATE INDEX a ON t (x)", "ALTER TABLE t ADD y INT");
        assertThat(cut(" ;; \n -- nothing\n")).isEmpty();
    }

    @Test
    void leavesSemicolonsInQuotesAlone() {
        assertThat(cut("SELECT ';' || \";\" || E'\\';' || 'it''s;'; SELECT 2"))
                .containsExactly("SELECT ';' || \";\" || E'\\';' || 'it''s;'", "SELECT 2");
        assertThat(cut("SELECT 'back\\'; SELECT 2")).containsExactly("SELECT 'back\\'", "SELECT 2");
        assertThat(cut("DO $$ BEGIN; END $$; DO $a$ $$;$$ $a$; SELECT $1, a$b; SELECT 3"))
                .containsExactly("DO $$ BEGIN; END $$", "DO $a$ $$;$$ $a$", "SELECT $1, a$b", "SELECT 3");
    }

    @Test
    void leavesCommentsOut() {
        assertThat(cut("-- one; two\nSELECT 1 /* ; /* nested; */ */ + 2; -- end"))
                .containsExactly("SELECT 1   + 2");
        assertThat(cut("SELECT '--'; SELECT '/*'")).containsExactly("SELECT '--'", "SELECT '/*'");
    }

    @Test
    void refusesAnOpenQuoteWithItsLine() {
        assertThatThrownBy(() -> cut("SELECT 1;\nSELECT 'open"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("f.sql:2: a quote begins here and does not end");
        assertThatThrownBy(() -> cut("/* open")).hasMessageContaining("f.sql:1: a comment");
        assertThatThrownBy(() -> cut("DO $x$ open $y$")).hasMessageContaining("f.sql:1: a dollar quote");
    }

    private static List<String> cut(String text) {
        return SqlScript.statements(Path.of("f.sql"), text);
    }
}
