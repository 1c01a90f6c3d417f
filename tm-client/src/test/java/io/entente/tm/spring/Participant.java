package io.entente.tm.spring;

import io.entente.tm.GlobalTransactional;
import io.entente.tm.TransactionContext;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A called application: each path fails, or not, in its own way. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Participant.Endpoints.class, Participant.Stock.class, Participant.Advice.class})
class Participant {

    /** A filter of the application that fails before any controller. */
    @Bean
    @Order(0)
    Filter failingFilter() {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getRequestURI().equals("/filter-fails")) {
                throw new ServletException("the filter fails");
            }
            chain.doFilter(request, response);
        };
    }

    static class SoldOutException extends RuntimeException {
        private static final long serialVersionUID = 1;

        SoldOutException() {
            super("sold out");
        }
    }

    @Service
    static class Stock {
        @GlobalTransactional
        public void take() {
            throw new SoldOutException();
        }
    }

    /** The classic trap: a failure turned into a friendly answer. */
    @RestControllerAdvice
    static class Advice {
        @ExceptionHandler
        ResponseEntity<String> soldOut(SoldOutException e) {
            return ResponseEntity.ok("sorry, " + e.getMessage());
        }
    }

    @RestController
    static class Endpoints {
        private final Stock stock;

        Endpoints(Stock stock) {
            this.stock = stock;
        }

        private static String xidOrNone() {
            String xid = TransactionContext.xid();
            return xid == null ? "none" : xid;
        }

        @GetMapping("/xid")
        String xid() {
            return xidOrNone();
        }

        @GetMapping("/status/{code}")
        ResponseEntity<String> status(@PathVariable int code) {
            return ResponseEntity.status(code).body("status " + code);
        }

        @GetMapping("/mark")
        String mark() {
            TransactionContext.setRollbackOnly("the participant wants it");
            return "fine";
        }

        @GetMapping("/friendly")
        String friendly() {
            stock.take();
            return "taken";
        }

        @GetMapping("/throws")
        String fail() {
            throw new IllegalStateException("escapes");
        }

        /** What it called is gone. Spring MVC takes that for its own client, and answers with nothing and status 200. */
        @GetMapping("/called-is-gone")
        String calledIsGone() {
            throw new IllegalStateException("escapes", new IOException("Broken pipe"));
        }

        @GetMapping("/callable-called-is-gone")
        Callable<String> callableCalledIsGone() {
            return this::calledIsGone;
        }

        @GetMapping("/send-error")
        void sendError(HttpServletResponse response) throws IOException {
            response.sendError(503, "not now");
        }

        @GetMapping("/reset")
        void reset(HttpServletResponse response) throws IOException {
            TransactionContext.setRollbackOnly("before the reset");
            response.getWriter().write("thrown away");
            response.reset();
            response.setStatus(200);
        }

        @GetMapping("/callable-xid")
        Callable<String> callableXid() {
            return Endpoints::xidOrNone;
        }

        @GetMapping("/callable-mark")
        Callable<String> callableMark() {
            return this::mark;
        }

        /** The answer has left when the failure comes. */
        @GetMapping("/late")
        void late(HttpServletResponse response) throws IOException {
            OutputStream out = response.getOutputStream();
            out.write("looks fine".getBytes(StandardCharsets.UTF_8));
            response.flushBuffer();
            TransactionContext.setRollbackOnly("too late for a header");
        }

        /** The same without a further dispatch. */
        @GetMapping("/late-async")
        void lateAsync(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.flushBuffer();
            AsyncContext async = request.startAsync();
            var captured = TransactionContext.capture();
            async.start(() -> {
                try (var scope = captured.bind()) {
                    TransactionContext.setRollbackOnly("too late, elsewhere");
                }
                async.complete();
            });
        }
    }
}
