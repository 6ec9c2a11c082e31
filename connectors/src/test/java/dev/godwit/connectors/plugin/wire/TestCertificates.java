package dev.godwit.connectors.plugin.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority of its own, made by the JDK's keytool, and what it signs. */
final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    TestCertificates(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        this.store = directory.resolve("store.p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=test authority", "-ext", "bc:c");
    }

    /** @param extension empty for none, else {@code san=ip:127.0.0.1} and the like */
    void sign(String commonName, String extension) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(
                List.of("-genkeypair", "-alias", commonName, "-dname", "CN=" + commonName, "-signer", "ca"));
        if (!extension.isEmpty()) {
            options.addAll(List.of("-ext", extension));
        }
        keytool(options.toArray(String[]::new));
    }

    private void keytool(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-validity", "30", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Path log = directory.resolve("keytool.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            opened.load(in, PASSWORD.toCharArray());
        }
        return opened;
    }

    String certificatePem(String alias) throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", open().getCertificate(alias).getEncoded());
    }

    String keyPem(String alias) throws IOException, GeneralSecurityException {
        return pem("PRIVATE KEY", key(alias));
    }

    /** PKCS#8 in DER form, as pgjdbc takes it. */
    byte[] key(String alias) throws IOException, GeneralSecurityException {
        return open().getKey(alias, PASSWORD.toCharArray()).getEncoded();
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** Writes the file that a client names. */
    Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }
}
