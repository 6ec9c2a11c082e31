package dev.godwit.fetch.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Amazon S3, or what speaks its language ({@code AWS_ENDPOINT_URL}). Large files go in parts; a part upload that is
 * never completed is no file.
 */
public final class S3Store implements FileStore {
    private final StoreUrl url;
    private final StoreAccess access;
    private final S3Client client;

    /** Does not ask the server anything yet. */
    public S3Store(StoreUrl url, StoreAccess access) {
        this.url = url;
        this.access = access;
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(credentials());
        access.region().map(Region::of).ifPresent(builder::region);
        // Servers that speak S3 rarely answer to bucket names as host names.
        access.variable("AWS_ENDPOINT_URL").ifPresent(endpoint -> builder.endpointOverride(URI.create(endpoint))
                .forcePathStyle(true));
        this.client = builder.build();
    }

    private AwsCredentialsProvider credentials() {
        if (!access.implicit()) {
            return StaticCredentialsProvider.create(explicit());
        }
        AwsCredentialsProvider machine = DefaultCredentialsProvider.builder().build();
        return access.assumeRole()
                .<AwsCredentialsProvider>map(role -> StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(sts(machine))
                        .refreshRequest(request -> request.roleArn(role).roleSessionName("godwit-fetch"))
                        .build())
                .orElse(machine);
    }

    private StsClient sts(AwsCredentialsProvider machine) {
        var builder = StsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(machine);
        access.region().map(Region::of).ifPresent(builder::region);
        return builder.build();
    }

    private AwsCredentials explicit() {
        String id = access.requireVariable("AWS_ACCESS_KEY_ID", url);
        String secret = access.requireVariable("AWS_SECRET_ACCESS_KEY", url);
        Optional<String> session = access.variable("AWS_SESSION_TOKEN");
        return session.isPresent()
                ? AwsSessionCredentials.create(id, secret, session.get())
                : AwsBasicCredentials.create(id, secret);
    }

    @Override
    public String location() {
        return url.toString();
    }

    private <T> T ask(String what, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new IOException("cannot " + what + " in " + url + ": " + e.getMessage(), e);
        }
    }

    @Override
    public FileSink create(String name) {
        String key = url.key(name);
        return new PartSink() {
            private String upload;
            private final List<CompletedPart> sent = new ArrayList<>();

            @Override
            void send(int number, ByteBuffer bytes) throws IOException {
                if (upload == null) {
                    upload = ask("begin " + name, () -> client.createMultipartUpload(
                                    request -> request.bucket(url.bucket()).key(key))
                            .uploadId());
                }
                String tag = ask("write " + name, () -> client.uploadPart(
                                request -> request.bucket(url.bucket())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                RequestBody.fromByteBuffer(bytes))
                        .eTag());
                sent.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }

            @Override
            void sendWhole(ByteBuffer bytes) throws IOException {
                ask(
                        "write " + name,
                        () -> client.putObject(
                                request -> request.bucket(url.bucket()).key(key), RequestBody.fromByteBuffer(bytes)));
            }

            @Override
            void complete() throws IOException {
                ask(
                        "complete " + name,
                        () -> client.completeMultipartUpload(request -> request.bucket(url.bucket())
                                .key(key)
                                .uploadId(upload)
                                .multipartUpload(parts -> parts.parts(sent))));
            }

            @Override
            void abort() throws IOException {
                ask(
                        "give up " + name,
                        () -> client.abortMultipartUpload(
                                request -> request.bucket(url.bucket()).key(key).uploadId(upload)));
            }
        };
    }

    @Override
    public InputStream open(String name) throws IOException {
        try {
            return client.getObject(request -> request.bucket(url.bucket()).key(url.key(name)));
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(url + "/" + name);
        } catch (SdkException e) {
            throw new IOException("cannot read " + name + " in " + url + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return ask(
                "list files", () -> client
                        .listObjectsV2Paginator(
                                request -> request.bucket(url.bucket()).prefix(url.key(prefix)))
                        .contents()
                        .stream()
                        .map(object -> new StoredFile(url.name(object.key()), object.size()))
                        .toList());
    }

    @Override
    public void delete(String name) throws IOException {
        ask(
                "delete " + name,
                () -> client.deleteObject(
                        request -> request.bucket(url.bucket()).key(url.key(name))));
    }

    @Override
    public String importUrl(String name) {
        Map<String, String> parameters = StoreAccess.parameters();
        if (access.implicit()) {
            parameters.put("AUTH", "implicit");
            access.assumeRole().ifPresent(role -> parameters.put("ASSUME_ROLE", role));
        } else {
            parameters.put("AWS_ACCESS_KEY_ID", access.requireVariable("AWS_ACCESS_KEY_ID", url));
            parameters.put("AWS_SECRET_ACCESS_KEY", access.requireVariable("AWS_SECRET_ACCESS_KEY", url));
            access.variable("AWS_SESSION_TOKEN").ifPresent(token -> parameters.put("AWS_SESSION_TOKEN", token));
        }
        access.region().ifPresent(region -> parameters.put("AWS_REGION", region));
        access.variable("AWS_ENDPOINT_URL").ifPresent(endpoint -> parameters.put("AWS_ENDPOINT", endpoint));
        return StoreAccess.importUrl(url, name, parameters);
    }

    @Override
    public void close() {
        client.close();
    }
}
