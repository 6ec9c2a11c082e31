package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.Map;
import java.util.Set;

/** Parameters of CockroachDB's Kafka sink (CockroachDB documentation, "Changefeed Sinks"). */
final class SinkParameters {
    private static final Set<String> SECRET = Set.of("sasl_password", "sasl_client_secret", "client_key", "api_secret");

    private static final Set<String> KNOWN = Set.of(
            "tls_enabled",
            "ca_cert",
            "client_cert",
            "client_key",
            "insecure_tls_skip_verify",
            "sasl_enabled",
            "sasl_handshake",
            "sasl_user",
            "sasl_password",
            "sasl_mechanism",
            "sasl_client_id",
            "sasl_client_secret",
            "sasl_token_url",
            "sasl_scopes",
            "sasl_grant_type",
            "sasl_aws_iam_role_arn",
            "sasl_aws_iam_session_name",
            "sasl_aws_region",
            "api_key",
            "api_secret",
            "topic_prefix",
            "topic_name");

    private static final Set<String> MECHANISMS =
            Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "AWS_MSK_IAM");

    private SinkParameters() {}

    static boolean isSecret(String parameter) {
        return SECRET.contains(parameter) || Secrets.isSecret(parameter);
    }

    /** Refuses what CockroachDB would refuse, and what it would take and do something else with. */
    static void check(Map<String, String> parameters) {
        for (String parameter : parameters.keySet()) {
            if (!KNOWN.contains(parameter)) {
                throw new RefusedException(
                        "the Kafka sink of CockroachDB has no parameter " + parameter, "use one of " + sorted());
            }
        }
        if (parameters.containsKey("topic_name")) {
            throw new RefusedException(
                    "the sink parameter topic_name cannot be set", "leave it out; each table has a topic of its own");
        }
        boolean sasl =
                parameters.keySet().stream().anyMatch(key -> key.startsWith("sasl_") && !key.equals("sasl_enabled"));
        if (sasl && !"true".equals(parameters.get("sasl_enabled"))) {
            throw new RefusedException(
                    "sink parameters for SASL are set and sasl_enabled=true is not", "add sasl_enabled=true");
        }
        boolean certificates = parameters.containsKey("ca_cert")
                || parameters.containsKey("client_cert")
                || parameters.containsKey("client_key");
        if (certificates && !"true".equals(parameters.get("tls_enabled"))) {
            throw new RefusedException(
                    "sink parameters with certificates are set and tls_enabled=true is not", "add tls_enabled=true");
        }
        if (parameters.containsKey("client_cert") != parameters.containsKey("client_key")) {
            throw new RefusedException(
                    "a client certificate needs its key, and the key its certificate",
                    "set client_cert and client_key");
        }
        String mechanism = parameters.get("sasl_mechanism");
        if (mechanism != null && !MECHANISMS.contains(mechanism)) {
            throw new RefusedException("there is no SASL mechanism " + mechanism, "use one of " + MECHANISMS);
        }
    }

    private static String sorted() {
        return new java.util.TreeSet<>(KNOWN).toString();
    }
}
