package io.entente.rm.undo.seata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the column {@code context} of a row of Seata's says, for example {@code serializer=jackson&compressorType=ZIP}.
 *
 * @param serializer how the content is written; empty for a part
 * @param compressor how it is compressed; releases before 1.4.2 do not say, and do not compress
 * @param parts the branch ids of the rows that hold the rest of the content, in order
 */
record SeataContext(String serializer, String compressor, List<Long> parts) {

    private static final String SERIALIZER = "serializer";
    private static final String COMPRESSOR = "compressorType";
    private static final String PARTS = "subId";
    private static final String WHOLE = "branchId";

    static boolean wrote(String context) {
        Map<String, String> properties = properties(context);
        return properties.containsKey(SERIALIZER) || properties.containsKey(WHOLE);
    }

    /** What the rows that hold the rest of a branch's content have as context. */
    static String ofParts(long branchId) {
        return WHOLE + "=" + branchId;
    }

    static SeataContext parse(String context) throws SeataRowException {
        Map<String, String> properties = properties(context);
        if (!properties.containsKey(SERIALIZER)) {
            throw new SeataRowException("its context is \"" + context + "\": it is a part of another row");
        }
        List<Long> parts = new ArrayList<>();
        for (String part : properties.getOrDefault(PARTS, "").split(",", -1)) {
            try {
                if (!part.isEmpty()) {
                    parts.add(Long.valueOf(part));
                }
            } catch (NumberFormatException e) {
                throw new SeataRowException("its context \"" + context + "\" is damaged", e);
            }
        }
        return new SeataContext(
                properties.getOrDefault(SERIALIZER, ""),
                properties.getOrDefault(COMPRESSOR, "NONE"),
                List.copyOf(parts));
    }

    private static Map<String, String> properties(String context) {
        Map<String, String> properties = new HashMap<>();
        for (String property : context.split("&", -1)) {
            String[] parts = property.split("=", 2);
            if (parts.length == 2) {
                properties.put(parts[0], parts[1]);
            }
        }
        return properties;
    }
}
