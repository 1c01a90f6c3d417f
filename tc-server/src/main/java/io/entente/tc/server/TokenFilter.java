package io.entente.tc.server;

import io.entente.tc.server.HttpTokens.Access;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who has a token, when tokens are asked for: everything on the port but the health that orchestrators ask for.
 * Without tokens the port is for this host alone, or for a network that the operator trusts, and everybody may do
 * everything, except pages of other web sites that are open in a browser here.
 */
final class TokenFilter extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(TokenFilter.class);
    private static final String SCHEME = "bearer ";
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final HttpTokens tokens;
    private final Set<String> open;

    /** @param open paths that need no token, exactly as they are asked for */
    TokenFilter(HttpTokens tokens, Set<String> open) {
        this.tokens = tokens;
        this.open = open;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean reads = READING.contains(request.getMethod());
        if (!tokens.areAskedFor()) {
            if (!reads && comesFromAnotherSite(request)) {
                refuse(
                        response,
                        HttpServletResponse.SC_FORBIDDEN,
                        "this request comes from a page of another web site");
            } else {
                chain.doFilter(new Known(request, "anybody"), response);
            }
            return;
        }
        @Nullable String token = token(request);
        Access access = token == null ? Access.NOTHING : tokens.accessWith(token);
        if (access == Access.EVERYTHING) {
            chain.doFilter(new Known(request, "operator"), response);
        } else if (access == Access.READ && reads) {
            chain.doFilter(new Known(request, "viewer"), response);
        } else if (access == Access.READ) {
            refuse(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    "this token is for reading; " + request.getMethod() + " needs one of entente.tc.tokens.operator");
        } else if (reads && open.contains(request.getRequestURI())) {
            // Not even with a wrong token: an orchestrator must not take a forgotten secret for a dead process.
            chain.doFilter(request, response);
        } else if (token == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"entente\"");
            refuse(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "a token is needed: send the header Authorization: Bearer <token>, with one of"
                            + " entente.tc.tokens.operator, or of entente.tc.tokens.viewer for reading");
        } else {
            log.warn("A request of {} had a token that is not accepted", request.getRemoteAddr());
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"entente\", error=\"invalid_token\"");
            refuse(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "the token is none of entente.tc.tokens.operator and entente.tc.tokens.viewer");
        }
    }

    private static @Nullable String token(HttpServletRequest request) {
        @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? null
                : header.substring(SCHEME.length()).strip();
    }

    /** Browsers let any page send some requests anywhere, and say whose page it was. */
    private static boolean comesFromAnotherSite(HttpServletRequest request) {
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            return !String.valueOf(URI.create(origin).getAuthority()).equals(request.getHeader(HttpHeaders.HOST));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter().write("{\"error\":\"" + why.replace("\"", "'") + "\"}");
    }

    /** Has somebody behind it, so that health shows its details. */
    private static final class Known extends HttpServletRequestWrapper {
        private final Principal who;

        Known(HttpServletRequest request, String who) {
            super(request);
            this.who = () -> who;
        }

        @Override
        public Principal getUserPrincipal() {
            return who;
        }
    }
}
