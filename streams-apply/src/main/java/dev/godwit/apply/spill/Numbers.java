package dev.godwit.apply.spill;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Numbers that are not negative, seven bits a byte: small ones take little room. */
final class Numbers {
    private Numbers() {}

    static void write(long number, DataOutputStream out) throws IOException {
        long rest = number;
        while (rest > 0x7f) {
            out.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long read(DataInputStream in) throws IOException {
        long number = 0;
        int shift = 0;
        int part;
        do {
            part = in.readUnsignedByte();
            number |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part >= 0x80);
        return number;
    }
}
