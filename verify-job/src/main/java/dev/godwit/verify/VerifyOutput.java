package dev.godwit.verify;

import java.util.List;

/** Shows a comparison to the user. */
interface VerifyOutput extends VerifyListener {
    void started(List<TablePair> pairs);

    void finished(VerifyReport report);
}
