package io.entente.tc.server;

import java.util.Arrays;
import java.util.Map;
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

    @ExceptionHandler
    ResponseEntity<Map<String, String>> unreadable(HttpMessageNotReadableException e) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            return error(
                    HttpStatus.BAD_REQUEST,
                    "the body has a field " + unknown.getPropertyName() + "; expected are resolution, by");
        }
        return error(HttpStatus.BAD_REQUEST, "the body is missing or cannot be read" + EXPECTED_BODY);
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
