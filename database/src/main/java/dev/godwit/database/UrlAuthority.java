package dev.godwit.database;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between {@code //} and the path of a URL. By hand, because {@link java.net.URI} takes no host with an underscore, and has no
 * words for what is wrong.
 *
 * @param user null if there is none
 * @param password null if there is none
 * @param port -1 if there is none
 * @param moreHosts further nodes, {@code host} or {@code host:port}, to be tried if the first does not answer
 */
record UrlAuthority(String user, String password, String host, int port, List<String> moreHosts) {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9a-fA-F:.]+(?:%25[0-9A-Za-z]+)?]|[\\p{Alnum}._-]+)(?::([0-9]{1,5}))?");
    private static final int PORT_MAX = 65_535;
    private static final String EXAMPLE = "write it as postgresql://user:password@host:5432/database";

    /** @throws RefusedException without the text, which may hold a password */
    static UrlAuthority parse(String what, String text) {
        if (text == null || text.isEmpty()) {
            throw new RefusedException(what + " names no host", EXAMPLE);
        }
        int at = text.indexOf('@');
        if (text.lastIndexOf('@') != at) {
            throw new RefusedException(
                    what + " has more than one @ before the database", "write @ in a password as %40");
        }
        String all = text.substring(at + 1);
        int comma = all.indexOf(',');
        String place = comma < 0 ? all : all.substring(0, comma);
        List<String> moreHosts = comma < 0 ? List.of() : moreHosts(what, all.substring(comma + 1));
        Matcher hostAndPort = HOST_AND_PORT.matcher(place);
        if (place.isEmpty() || place.startsWith(":")) {
            throw new RefusedException(what + " names no host", EXAMPLE);
        }
        int port = -1;
        if (hostAndPort.matches() && hostAndPort.group(2) != null) {
            port = Integer.parseInt(hostAndPort.group(2));
        }
        if (!hostAndPort.matches() || port == 0 || port > PORT_MAX) {
            throw new RefusedException(
                    what + " has no single host and port that could be understood",
                    EXAMPLE + "; percent-encode special characters in user and password");
        }
        String userInfo = at < 0 ? "" : text.substring(0, at);
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        return new UrlAuthority(
                user.isEmpty() ? null : DatabaseUrl.decode(what, user),
                colon < 0 ? null : DatabaseUrl.decode(what, userInfo.substring(colon + 1)),
                hostAndPort.group(1),
                port,
                moreHosts);
    }

    private static List<String> moreHosts(String what, String text) {
        List<String> hosts = List.of(text.split(",", -1));
        for (String host : hosts) {
            Matcher matcher = HOST_AND_PORT.matcher(host);
            if (!matcher.matches() || (matcher.group(2) != null && Integer.parseInt(matcher.group(2)) > PORT_MAX)) {
                throw new RefusedException(
                        what + " has a host and port that could not be understood",
                        "write several hosts as postgresql://user@host1:26257,host2:26257/database");
            }
        }
        return hosts;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
