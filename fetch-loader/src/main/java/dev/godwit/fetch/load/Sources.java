package dev.godwit.fetch.load;

import dev.godwit.database.Product;
import dev.godwit.fetch.mysql.MysqlSource;
import dev.godwit.fetch.postgres.PostgresSource;
import dev.godwit.fetch.source.LoadSource;
import dev.godwit.fetch.source.SourceContext;

/** Which product a load comes from. */
final class Sources {
    private Sources() {}

    static LoadSource of(SourceContext context) {
        return context.request().source().product() == Product.MYSQL
                ? new MysqlSource(context)
                : new PostgresSource(context);
    }
}
