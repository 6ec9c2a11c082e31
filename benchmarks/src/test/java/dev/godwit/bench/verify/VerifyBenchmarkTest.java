package dev.godwit.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.bench.fetch.FetchWorkload;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Says nothing of speed: only that whoever is measured really does the work. */
@Tag("benchmark")
class VerifyBenchmarkTest {
    @Test
    void everyContestantReadsBothTablesAndGodwitFindsWhatDiffers() throws Exception {
        List<String> said = new ArrayList<>();
        VerifySettings settings = new VerifySettings(Arrays.asList(FetchWorkload.values()), 0.2, 1, 7, 10, 10_000, 2);

        VerifyResult result = new VerifyBenchmark(settings, said::add).run();

        JsonNode scenarios = new ObjectMapper().readTree(result.json()).get("scenarios");
        assertThat(scenarios).hasSize(4 * FetchWorkload.values().length);
        for (JsonNode scenario : scenarios) {
            assertThat(scenario.get("contestants")).hasSize(VerifyContestant.values().length);
            if (scenario.get("over_link").asBoolean()
                    && scenario.get("differing_keys").asInt() == 0) {
                // Both ways over the same link: by checksum hardly anything goes over it.
                assertThat(scenario.at("/contestants/2/link_bytes").asLong())
                        .isPositive()
                        .isLessThan(scenario.at("/contestants/1/link_bytes").asLong() / 2);
            }
        }
        assertThat(said).hasSize((1 + 4 * VerifyContestant.values().length) * FetchWorkload.values().length);
        assertThat(result.text()).contains("| narrow, 10,000 | link | equal | checksum |");
    }

    @Test
    void aLinkLetsNoMoreThroughThanItSays() throws Exception {
        byte[] sent = new byte[500_000];
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ThrottledLink link =
                        ThrottledLink.to(server.getInetAddress().getHostAddress(), server.getLocalPort(), 8)) {
            CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = server.accept();
                        InputStream in = socket.getInputStream()) {
                    return in.readNBytes(sent.length).length;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            long begin = System.nanoTime();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
                socket.getOutputStream().write(sent);
                assertThat(received.get()).isEqualTo(sent.length);
            }
            // 4 Mbit at 8 Mbit/s.
            assertThat(System.nanoTime() - begin).isGreaterThan(450_000_000L);
            assertThat(link.bytes()).isEqualTo(sent.length);
        }
    }
}
