package dev.godwit.apply.registry;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS as the settings say; what they do not say is the JVM's default. */
final class RegistryTls {
    private RegistryTls() {}

    static SSLContext context(RegistrySettings settings) {
        try {
            TrustManager[] trusted = null;
            if (settings.trustStore().isPresent()) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(load(settings.trustStore().get()));
                trusted = factory.getTrustManagers();
            }
            KeyManager[] own = null;
            if (settings.keyStore().isPresent()) {
                RegistrySettings.Store store = settings.keyStore().get();
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(load(store), password(store));
                own = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new RefusedException(
                    "cannot set up TLS to the Schema Registry: " + e.getMessage(),
                    "check the files and passwords under schema.registry.ssl.*",
                    e);
        }
    }

    private static KeyStore load(RegistrySettings.Store store) throws GeneralSecurityException, IOException {
        String type = store.type().toUpperCase(Locale.ROOT);
        try (InputStream file = Files.newInputStream(store.location())) {
            if (!type.equals("PEM")) {
                KeyStore loaded = KeyStore.getInstance(type);
                loaded.load(file, password(store));
                return loaded;
            }
            KeyStore made = KeyStore.getInstance(KeyStore.getDefaultType());
            made.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                made.setCertificateEntry("certificate-" + number++, certificate);
            }
            return made;
        }
    }

    private static char[] password(RegistrySettings.Store store) {
        return store.password().map(String::toCharArray).orElse(null);
    }
}
