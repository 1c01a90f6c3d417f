package io.entente.tm.spring.tcc;

import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.node.NullNode;

/** Which types of parameters and results cannot work, as far as that is known without a value. */
final class TccTypes {

    /** By name, because most of them need not be on the class path. */
    private static final List<String> LIVE_THINGS = List.of(
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.Reader",
            "java.io.Writer",
            "java.lang.Thread",
            "java.lang.ClassLoader",
            "java.lang.AutoCloseable",
            "java.util.Iterator",
            "java.util.concurrent.locks.Lock",
            "java.util.concurrent.Executor",
            "javax.sql.DataSource",
            "jakarta.servlet.ServletRequest",
            "jakarta.servlet.ServletResponse",
            "jakarta.servlet.http.HttpSession",
            "org.springframework.web.multipart.MultipartFile",
            "org.springframework.context.ApplicationContext");

    private static final List<String> CONTEXTS_OF_SEATA =
            List.of("org.apache.seata.rm.tcc.api.BusinessActionContext", "io.seata.rm.tcc.api.BusinessActionContext");

    private final Payloads payloads = new Payloads();

    /** Why values of the type cannot be kept as JSON, to follow after the name of the type; null when nothing is known. */
    @Nullable
    String problemOf(Type type) {
        Class<?> raw = ResolvableType.forType(type).resolve();
        if (raw == null || raw == Object.class) {
            return "does not say what it is, so that it could not be read again";
        }
        if (CONTEXTS_OF_SEATA.stream().anyMatch(name -> is(raw, name))) {
            return "is not needed here: confirm and cancel get the arguments of the try, and TccBranch.current() tells the"
                    + " rest";
        }
        if (raw.isAnnotationPresent(FunctionalInterface.class)) {
            return "is code, which cannot be kept";
        }
        if (isAsynchronous(raw) || LIVE_THINGS.stream().anyMatch(name -> is(raw, name))) {
            return "is bound to this process, or can be read only once";
        }
        if (raw.isPrimitive()) {
            return null;
        }
        try {
            Object unused = payloads.read("A value", NullNode.getInstance(), type);
            return null;
        } catch (PayloadNotUsableException e) {
            return "cannot be read from JSON: " + e.getMessage();
        }
    }

    /** Whether the work behind a result of this type may go on after it was returned. */
    static boolean isAsynchronous(Class<?> type) {
        return Future.class.isAssignableFrom(type)
                || is(type, "java.util.concurrent.CompletionStage")
                || is(type, "java.util.concurrent.Flow$Publisher")
                || is(type, "org.reactivestreams.Publisher");
    }

    private static boolean is(@Nullable Class<?> type, String name) {
        return type != null
                && (type.getName().equals(name)
                        || is(type.getSuperclass(), name)
                        || Arrays.stream(type.getInterfaces()).anyMatch(parent -> is(parent, name)));
    }
}
