package dev.godwit.fetch.importinto;

import dev.godwit.database.RefusedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses of this machine, as options name them. */
final class ListenAddress {
    private static final int PORT_MAX = 65_535;

    private ListenAddress() {}

    /** @throws RefusedException if it is no {@code host:port}, or there is no such host */
    static InetSocketAddress parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        if (port < 0) {
            throw new RefusedException(
                    option + " is \"" + text + "\", which names no port",
                    "give HOST:PORT, or :PORT for all addresses of this machine");
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new RefusedException(
                    option + " names the host \"" + host + "\", which is unknown here",
                    "give an address of this machine");
        }
        return address;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= PORT_MAX ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    static String literal(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    static String ofThisMachine() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            throw new RefusedException(
                    "this machine does not know its own name",
                    "say by --local-path-crdb-access-addr under which address the target reaches it",
                    e);
        }
    }
}
