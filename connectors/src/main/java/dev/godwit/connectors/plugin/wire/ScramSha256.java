package dev.godwit.connectors.plugin.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), for one log-in. */
final class ScramSha256 {
    static final String MECHANISM = "SCRAM-SHA-256";

    private static final String NO_CHANNEL_BINDING = "n,,";
    private static final int ITERATIONS_MAX = 10_000_000;

    private final String password;
    private final String nonce;
    private byte[] serverSignature;

    ScramSha256(String password) {
        this(password, newNonce());
    }

    ScramSha256(String password, String nonce) {
        this.password = password;
        this.nonce = nonce;
    }

    private static String newNonce() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    /** The server takes the user from the start of the connection, so the name stays empty. */
    String firstMessage() {
        return NO_CHANNEL_BINDING + bareFirst();
    }

    private String bareFirst() {
        return "n=,r=" + nonce;
    }

    /** @throws IOException if the server does not follow the rules */
    String finalMessage(String serverFirst) throws IOException {
        Map<String, String> parts = parts(serverFirst);
        String bothNonces = parts.getOrDefault("r", "");
        int iterations = Integer.parseInt(parts.getOrDefault("i", "0"));
        if (!bothNonces.startsWith(nonce) || bothNonces.length() == nonce.length()) {
            throw new IOException("the server answers with a nonce that is not ours");
        }
        if (iterations < 1 || iterations > ITERATIONS_MAX) {
            throw new IOException("the server asks for " + iterations + " rounds of hashing");
        }
        try {
            byte[] salt = Base64.getDecoder().decode(parts.getOrDefault("s", ""));
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
            String withoutProof = "c="
                    + Base64.getEncoder().encodeToString(NO_CHANNEL_BINDING.getBytes(StandardCharsets.US_ASCII)) + ",r="
                    + bothNonces;
            String signed = bareFirst() + "," + serverFirst + "," + withoutProof;
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), signed);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            serverSignature = hmac(hmac(salted, "Server Key"), signed);
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("cannot log in with " + MECHANISM + ": " + e.getMessage(), e);
        }
    }

    /** Proves that the server knows the password too. */
    void check(String serverFinal) throws IOException {
        byte[] signature = Base64.getDecoder().decode(parts(serverFinal).getOrDefault("v", ""));
        if (serverSignature == null || !MessageDigest.isEqual(signature, serverSignature)) {
            throw new IOException("the server does not know the password it has asked for");
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> parts(String message) {
        Map<String, String> parts = new HashMap<>();
        for (String part : message.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return parts;
    }
}
