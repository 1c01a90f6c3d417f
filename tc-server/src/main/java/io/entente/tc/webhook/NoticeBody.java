package io.entente.tc.webhook;

import io.entente.tc.coordinator.AttentionNotice;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A notice as JSON. */
final class NoticeBody {
    static final String BEGAN = "attention.began";
    static final String ENDED = "attention.ended";

    private static final JsonFactory JSON = new JsonFactory();

    private NoticeBody() {}

    static String event(AttentionNotice notice) {
        return notice.stuck() == null ? ENDED : BEGAN;
    }

    static byte[] of(AttentionNotice notice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator to = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            to.writeStartObject();
            to.writeStringProperty("id", notice.id());
            to.writeStringProperty("event", event(notice));
            to.writeStringProperty("at", time(notice.at()));
            to.writeObjectPropertyStart("transaction");
            to.writeStringProperty("xid", notice.xid());
            to.writeStringProperty("name", notice.name());
            to.writeStringProperty("applicationId", notice.applicationId());
            to.writeStringProperty("group", notice.group());
            to.writeStringProperty("begunAt", time(notice.begunAt()));
            to.writeStringProperty("phase", notice.phase().name());
            to.writeEndObject();
            AttentionNotice.Stuck stuck = notice.stuck();
            if (stuck != null) {
                write(to, stuck);
            }
            AttentionNotice.Ended ended = notice.ended();
            if (ended != null) {
                to.writeObjectPropertyStart("ended");
                to.writeNumberProperty("afterMillis", ended.afterMillis());
                to.writeStringProperty("how", ended.how());
                to.writeEndObject();
            }
            to.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator to, AttentionNotice.Stuck stuck) {
        to.writeObjectPropertyStart("branch");
        // A text, because the numbers of some languages have no room for it.
        to.writeStringProperty("branchId", String.valueOf(stuck.branch().id()));
        to.writeStringProperty("type", stuck.branch().type().name());
        to.writeStringProperty("resourceId", stuck.branch().resourceId());
        to.writeStringProperty("clientId", stuck.branch().clientId());
        to.writeEndObject();
        to.writeObjectPropertyStart("reason");
        to.writeStringProperty("code", stuck.why().name());
        to.writeStringProperty("text", stuck.reason());
        to.writeEndObject();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
