package dev.godwit.connectors.plugin.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Answers the server's requests for a password, one log-in each. */
final class WireLogin {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private final WireSettings settings;
    private final ScramSha256 scram;
    private boolean provenByServer = true;

    WireLogin(WireSettings settings) {
        this.settings = settings;
        this.scram = new ScramSha256(settings.password());
    }

    /**
     * @param request the body of an authentication message
     * @return the body of our answer; null if none is due
     */
    byte[] answer(byte[] request) throws IOException {
        ByteBuffer body = ByteBuffer.wrap(request);
        int kind = body.getInt();
        byte[] rest = Arrays.copyOfRange(request, Integer.BYTES, request.length);
        return switch (kind) {
            case OK -> {
                if (!provenByServer) {
                    throw new IOException("the server breaks the log-in off in the middle");
                }
                yield null;
            }
            case CLEARTEXT -> zeroEnded(settings.password());
            case MD5 -> zeroEnded(md5(rest));
            case SASL -> saslFirst(rest);
            case SASL_CONTINUE -> utf8(scram.finalMessage(text(rest)));
            case SASL_FINAL -> {
                scram.check(text(rest));
                provenByServer = true;
                yield null;
            }
            default ->
                throw new IOException("the server asks for authentication of kind " + kind
                        + "; passwords (SCRAM-SHA-256, MD5, cleartext) and client certificates are known");
        };
    }

    private byte[] saslFirst(byte[] mechanisms) throws IOException {
        if (!Arrays.asList(text(mechanisms).split("\0")).contains(ScramSha256.MECHANISM)) {
            throw new IOException("the server offers no SCRAM-SHA-256");
        }
        provenByServer = false;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        byte[] first = utf8(scram.firstMessage());
        out.write(zeroEnded(ScramSha256.MECHANISM));
        out.writeInt(first.length);
        out.write(first);
        return bytes.toByteArray();
    }

    private String md5(byte[] salt) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(utf8(settings.password()));
            digest.update(utf8(settings.user()));
            String inner = HexFormat.of().formatHex(digest.digest());
            digest.update(utf8(inner));
            digest.update(salt);
            return "md5" + HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] zeroEnded(String text) {
        byte[] bytes = utf8(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
