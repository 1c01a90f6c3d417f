package io.entente.tc.security;

import io.entente.protocol.RegistrationToken;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.Rejection;
import org.jspecify.annotations.Nullable;

/** Decides which clients may register. */
public final class ClientGate {
    private final AcceptedTokens tokens;
    private final boolean certificateSuffices;

    public ClientGate(SecuritySettings settings) {
        this.tokens = new AcceptedTokens(settings.clientTokens());
        this.certificateSuffices = settings.clientAuth() == ClientAuth.WANT;
    }

    /** What is said to a client that wants to register. */
    public sealed interface Admission {}

    /** @param by the token that opened the gate; null when none was needed */
    public record Admitted(@Nullable TokenDigest by) implements Admission {}

    /** @param why as a clause, for the client and the log */
    public record Refused(Rejection reason, String why) implements Admission {}

    public Admission admit(Connection connection, String extraData) {
        if (tokens.isEmpty()) {
            return new Admitted(null);
        }
        String token = RegistrationToken.in(extraData);
        if (token.isEmpty()) {
            return certificateSuffices && connection.certificateSubject() != null
                    ? new Admitted(null)
                    : new Refused(
                            Rejection.TOKEN_MISSING,
                            "this coordinator wants a token: set entente.token at the client. Seata's clients have none,"
                                    + " see docs/security.md");
        }
        TokenDigest digest = tokens.accept(token);
        return digest != null
                ? new Admitted(digest)
                : new Refused(
                        Rejection.TOKEN_WRONG,
                        "its token is none of those that this coordinator accepts: entente.token of the client has to be"
                                + " one of entente.tc.tokens.client");
    }

    /** Whether a client that was admitted would be again. */
    public boolean stillAdmits(Admitted admitted) {
        TokenDigest by = admitted.by();
        return by == null || tokens.stillAccept(by);
    }

    /** For a {@link TokenWatch}. */
    public AcceptedTokens tokens() {
        return tokens;
    }
}
