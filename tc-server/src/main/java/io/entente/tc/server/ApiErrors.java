package io.entente.tc.server;

import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterRefusedException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** One line that says what was wrong, instead of a page of HTML. */
@RestControllerAdvice
class ApiErrors {
    private static final String EXPECTED_BODY =
            "; expected is JSON with Content-Type: application/json, such as {\"resolution\": \"RETRY\"}";

    @ExceptionHandler
    ResponseEntity<Map<String, String>> refused(ResponseStatusException refusal) {
        return error(refusal.getStatusCode(), String.valueOf(refusal.getReason()));
    }

    private final TransactionCoordinator coordinator;
    private final String scheme;

    ApiErrors(TransactionCoordinator coordinator, ServerProperties http) {
        this.coordinator = coordinator;
        // Members are configured alike.
        this.scheme = Ssl.isEnabled(http.getSsl()) ? "https://" : "http://";
    }

    /** {@code leader} is where to ask instead, when that is known. */
    @ExceptionHandler
    ResponseEntity<Map<String, String>> notLeading(NotLeadingException refusal) {
        return coordinator.groups().stream()
                .flatMap(group -> Stream.ofNullable(group.cluster()))
                .flatMap(cluster -> Stream.ofNullable(cluster.lastLead()))
                .map(Cluster.Lead::leader)
                .filter(leader -> leader.address().equals(refusal.leader()))
                .map(leader -> scheme + leader.host() + ":" + leader.httpPort())
                .findFirst()
                .map(leader -> ResponseEntity.status(HttpStatus.MISDIRECTED_REQUEST)
                        .body(Map.of("error", refusal.getMessage() + "; ask " + leader, "leader", leader)))
                .orElseGet(() -> error(HttpStatus.MISDIRECTED_REQUEST, String.valueOf(refusal.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> refused(ClusterRefusedException refusal) {
        return error(HttpStatus.CONFLICT, String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> unreadable(HttpMessageNotReadableException e) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            return error(
                    HttpStatus.BAD_REQUEST,
                    "the body has a field " + unknown.getPropertyName() + "; expected are " + known(unknown));
        }
        return error(HttpStatus.BAD_REQUEST, "the body is missing or cannot be read" + EXPECTED_BODY);
    }

    private static String known(UnrecognizedPropertyException unknown) {
        Collection<Object> names = unknown.getKnownPropertyIds();
        return names == null ? "none" : names.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> unsupported(HttpMediaTypeNotSupportedException e) {
        return error(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the body is of Content-Type " + e.getContentType() + EXPECTED_BODY);
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> mistyped(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        String expected =
                type != null && type.isEnum() ? "one of " + Arrays.toString(type.getEnumConstants()) : "a whole number";
        return error(HttpStatus.BAD_REQUEST, e.getName() + " is " + e.getValue() + "; expected is " + expected);
    }

    private static ResponseEntity<Map<String, String>> error(HttpStatusCode status, String text) {
        return ResponseEntity.status(status).body(Map.of("error", text));
    }
}
