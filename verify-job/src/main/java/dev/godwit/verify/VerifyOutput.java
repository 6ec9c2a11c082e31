package dev.godwit.verify;

import dev.godwit.database.filter.TableSlice;
import java.util.List;

/** Shows a comparison to the user. */
interface VerifyOutput extends VerifyListener {
    void started(List<TableSlice> slices);

    void finished(VerifyReport report);
}
