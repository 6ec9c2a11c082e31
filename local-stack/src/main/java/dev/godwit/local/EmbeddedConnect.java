package dev.godwit.local;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;

/** A Connect worker in this JVM: it is there some seconds earlier than a process would be, and a task that does not stop lives on. */
final class EmbeddedConnect implements ServerRun {
    /** MySQL's log reader tells of every connection on standard error. Held, since the JDK forgets loggers that nobody holds. */
    private static final Logger LOG_READER = Logger.getLogger("com.github.shyiko.mysql.binlog");

    private Connect<?> connect;

    @Override
    public void launch(Map<String, String> settings) {
        KafkaExit.becomesAnException();
        LOG_READER.setLevel(Level.WARNING);
        // Connect loads plug-ins by the context class loader of the thread that starts it, and leaves its own there.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(EmbeddedConnect.class.getClassLoader());
        try {
            connect = new ConnectDistributed().startConnect(settings);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    public String ended() {
        Future<?> herder = connect.herderTask();
        if (!herder.isDone()) {
            return null;
        }
        try {
            herder.get();
            return "its herder has ended";
        } catch (ExecutionException e) {
            return "its herder has failed: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    @Override
    public void stop() {
        if (connect != null) {
            connect.stop();
            connect.awaitStop();
            connect = null;
        }
    }

    @Override
    public void kill() {
        throw new IllegalStateException("Kafka Connect runs in this JVM and cannot be killed");
    }
}
