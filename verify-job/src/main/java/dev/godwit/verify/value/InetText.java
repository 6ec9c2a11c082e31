package dev.godwit.verify.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * An address with its network mask. PostgreSQL and CockroachDB may shorten an IPv6 address differently.
 *
 * @param family 4 or 6
 * @param address in one spelling
 */
record InetText(int family, String address, int maskBits) {

    static InetText parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int family = address.indexOf(':') >= 0 ? 6 : 4;
        if (!address.matches("[0-9a-fA-F.:]+")) {
            throw new IllegalArgumentException("not an address: " + text); // and no name to be looked up
        }
        int widest = family == 6 ? 128 : 32;
        int maskBits = slash < 0 ? widest : Integer.parseInt(text.substring(slash + 1));
        return new InetText(family, spelled(address), maskBits);
    }

    private static String spelled(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            return InetAddress.getByName(address).getHostAddress().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }
}
