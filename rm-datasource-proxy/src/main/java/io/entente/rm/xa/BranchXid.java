package io.entente.rm.xa;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * A branch in the words of a database. The global transaction id holds the XID, as far as its 64 bytes go; the branch
 * qualifier holds the branch id and, behind a colon, the rest of the XID. So what a database lists as prepared tells what
 * it belongs to.
 */
record BranchXid(String xid, long branchId) implements Xid {

    /** {@code Ente} in ASCII: tells our branches from those of others. */
    static final int FORMAT = 0x456E7465;

    private static final Pattern QUALIFIER = Pattern.compile("(\\d{1,19})(?::(.+))?", Pattern.DOTALL);

    /** @throws IllegalArgumentException when the XID is too long for what databases keep of it */
    BranchXid {
        int longest = MAXGTRIDSIZE + MAXBQUALSIZE - 20;
        int length = bytes(xid).length;
        if (length > longest) {
            throw new IllegalArgumentException("The XID " + xid + " has " + length + " bytes, and XA has room for "
                    + longest + ". Give the coordinator a shorter entente.tc.advertised-address.");
        }
    }

    /** What a database lists, as our branch; null when it is somebody else's. */
    static @Nullable BranchXid of(Xid listed) {
        if (listed.getFormatId() != FORMAT) {
            return null;
        }
        Matcher qualifier = QUALIFIER.matcher(text(listed.getBranchQualifier()));
        if (!qualifier.matches()) {
            return null;
        }
        String rest = qualifier.group(2);
        byte[] first = listed.getGlobalTransactionId();
        byte[] second = rest == null ? new byte[0] : bytes(rest);
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        try {
            return new BranchXid(text(whole), Long.parseLong(qualifier.group(1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public int getFormatId() {
        return FORMAT;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        byte[] whole = bytes(xid);
        return whole.length <= MAXGTRIDSIZE ? whole : Arrays.copyOf(whole, MAXGTRIDSIZE);
    }

    @Override
    public byte[] getBranchQualifier() {
        byte[] whole = bytes(xid);
        byte[] id = bytes(Long.toString(branchId));
        if (whole.length <= MAXGTRIDSIZE) {
            return id;
        }
        byte[] rest = Arrays.copyOfRange(whole, MAXGTRIDSIZE, whole.length);
        byte[] qualifier = Arrays.copyOf(id, id.length + 1 + rest.length);
        qualifier[id.length] = ':';
        System.arraycopy(rest, 0, qualifier, id.length + 1, rest.length);
        return qualifier;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "xid=" + xid + " branchId=" + branchId;
    }
}
