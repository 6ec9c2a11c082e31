package dev.godwit.verify;

import dev.godwit.database.Product;
import dev.godwit.verify.CompareSettings.Method;
import dev.godwit.verify.checksum.RowEncoding;
import java.util.Optional;
import java.util.OptionalInt;

/** The ways to compare, which must all find the same. */
enum Ways {
    FULL(Method.FULL, false, 250_000, 64, 1_000),
    CHECKSUM(Method.CHECKSUM, false, 250_000, 64, 100),
    /** Down to single rows, so that each must be told apart by its own hash. */
    CHECKSUM_OF_SINGLE_ROWS(Method.CHECKSUM, false, 100, 16, 1),
    /** What PostgreSQL and CockroachDB share, between two PostgreSQL. */
    CHECKSUM_OF_TEXTS(Method.CHECKSUM, true, 60, 8, 3),
    FULL_IN_RANGES(Method.FULL, false, 100, 8, 10);

    private final Method method;
    private final boolean texts;
    private final int rangeRows;
    private final int bisectFactor;
    private final int fetchRowsMax;

    Ways(Method method, boolean texts, int rangeRows, int bisectFactor, int fetchRowsMax) {
        this.method = method;
        this.texts = texts;
        this.rangeRows = rangeRows;
        this.bisectFactor = bisectFactor;
        this.fetchRowsMax = fetchRowsMax;
    }

    private CompareSettings settings() {
        return new CompareSettings(
                method, OptionalInt.empty(), rangeRows, bisectFactor, fetchRowsMax, Optional.empty());
    }

    VerifyReport verify(VerifyRequest request, VerifyListener listener) {
        Product target = texts ? Product.COCKROACHDB : request.target().product();
        return VerifyJob.run(
                request.with(settings()),
                listener,
                RowEncoding.between(request.source().product(), target));
    }
}
