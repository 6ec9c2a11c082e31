package dev.godwit.local;

import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** A broker in this JVM: it is there some seconds earlier than a process would be. */
final class EmbeddedBroker implements ServerRun {
    private KafkaRaftServer server;

    @Override
    public void launch(Map<String, String> settings) {
        KafkaExit.becomesAnException();
        Properties properties = new Properties();
        properties.putAll(settings);
        RootLocale.during(() -> {
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
            server.startup();
        });
    }

    @Override
    public String ended() {
        return null;
    }

    @Override
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void kill() {
        throw new IllegalStateException("the broker runs in this JVM and cannot be killed");
    }
}
