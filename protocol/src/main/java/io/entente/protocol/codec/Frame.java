package io.entente.protocol.codec;

import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One unit on the wire: a message, or a heartbeat, with the id that ties an answer to its request.
 *
 * @param kind what the frame is for; Seata sends some requests that need an answer as one-way, so trust the body
 * @param requestId chosen by the side that asks; an answer repeats it
 * @param head key-value pairs in front of the body; Seata leaves them empty
 * @param body null for heartbeats only
 */
public record Frame(
        Kind kind,
        int requestId,
        Map<String, String> head,
        @Nullable Message body) {

    /** The purpose of a frame. */
    public enum Kind {
        REQUEST(0),
        RESPONSE(1),
        ONE_WAY(2),
        PING(3),
        PONG(4);

        private static final Kind[] BY_CODE = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind fromCode(int code) {
            if (code < 0 || code >= BY_CODE.length) {
                throw new MalformedFrameException("frame kind " + code + " is unknown; expected 0 to 4");
            }
            return BY_CODE[code];
        }
    }

    public static Frame request(int requestId, Message body) {
        return new Frame(Kind.REQUEST, requestId, Map.of(), body);
    }

    /** @param head what goes beside the body, see {@link io.entente.protocol.EntenteExtension#REGISTRATION} */
    public static Frame request(int requestId, Message body, Map<String, String> head) {
        return new Frame(Kind.REQUEST, requestId, head, body);
    }

    public static Frame response(int requestId, Message body) {
        return new Frame(Kind.RESPONSE, requestId, Map.of(), body);
    }

    /** @param head what goes beside the body, see {@link io.entente.protocol.EntenteExtension#LEADER} */
    public static Frame response(int requestId, Message body, Map<String, String> head) {
        return new Frame(Kind.RESPONSE, requestId, head, body);
    }

    public static Frame oneWay(int requestId, Message body) {
        return new Frame(Kind.ONE_WAY, requestId, Map.of(), body);
    }

    public static Frame ping(int requestId) {
        return new Frame(Kind.PING, requestId, Map.of(), null);
    }

    /** @param head as for a response */
    public static Frame pong(int requestId, Map<String, String> head) {
        return new Frame(Kind.PONG, requestId, head, null);
    }

    public static Frame pong(int requestId) {
        return new Frame(Kind.PONG, requestId, Map.of(), null);
    }
}
