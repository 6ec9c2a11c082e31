package dev.godwit.database;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An address to listen on, as a user writes it: {@code HOST:PORT}, {@code :PORT}, {@code PORT}. */
public final class ListenAddress {
    private ListenAddress() {}

    /**
     * Without a host it is the loopback interface, which nobody reaches from outside. Port 0 is any free port.
     *
     * @throws RefusedException if the text is no address, or the host has no address
     */
    public static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw refused(text, e);
        }
        if (port < 0 || port > 65_535) {
            throw refused(text, null);
        }
        InetSocketAddress address = host.isEmpty()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new RefusedException(
                    "the host of the listen address \"" + text + "\" has no address", "name a host of this machine");
        }
        return address;
    }

    private static RefusedException refused(String text, Exception cause) {
        return new RefusedException(
                "\"" + text + "\" is no listen address",
                "write HOST:PORT, or :PORT for the loopback interface; port 0 is any free one",
                cause);
    }
}
