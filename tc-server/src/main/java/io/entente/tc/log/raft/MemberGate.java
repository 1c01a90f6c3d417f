package io.entente.tc.log.raft;

import io.entente.protocol.security.TlsFailure;
import io.entente.protocol.transport.Rejection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Behind TLS at the raft port: lets nothing through before the other side has shown the certificate of a member. */
final class MemberGate extends ChannelInboundHandlerAdapter {
    static final String REMEDY =
            "Each member needs, in the SSL bundle of entente.tc.tls.bundle, a certificate for its host in"
                    + " entente.tc.cluster.self, for servers and for clients, signed by a CA in the trust store of the others.";

    private static final Logger log = LoggerFactory.getLogger(MemberGate.class);
    /** Kinds of names in a certificate, as X.509 numbers them. */
    private static final Set<Integer> HOSTS_AND_ADDRESSES = Set.of(2, 7);

    private final Predicate<String> isHostOfMember;
    private final Consumer<Rejection> onRejected;
    private boolean open;
    private boolean rejected;

    MemberGate(Predicate<String> isHostOfMember, Consumer<Rejection> onRejected) {
        this.isHostOfMember = isHostOfMember;
        this.onRejected = onRejected;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                rejectTls(context, handshake.cause());
            } else {
                admit(context);
            }
        }
        super.userEventTriggered(context, event);
    }

    private void admit(ChannelHandlerContext context) {
        List<String> names;
        try {
            X509Certificate certificate = (X509Certificate) context.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getPeerCertificates()[0];
            names = names(certificate);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            reject(context, Rejection.TLS_HANDSHAKE, "it showed no certificate that can be read: " + e.getMessage());
            return;
        }
        if (names.stream().anyMatch(isHostOfMember)) {
            open = true;
        } else {
            reject(
                    context,
                    Rejection.TLS_HANDSHAKE,
                    "its certificate is for " + names + ", which is no member that is known here. If it is a member,"
                            + " entente.tc.cluster.members of this one has to name it");
        }
    }

    private static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        @Nullable Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (all != null) {
            for (List<?> name : all) {
                if (name.get(0) instanceof Integer kind
                        && HOSTS_AND_ADDRESSES.contains(kind)
                        && name.get(1) instanceof String text) {
                    // Who wrote it may want to write the log as well.
                    names.add(text.replaceAll("\\p{Cntrl}", " "));
                }
            }
        }
        return names;
    }

    private void rejectTls(ChannelHandlerContext context, Throwable cause) {
        if (!TlsFailure.isOne(cause)) {
            return;
        }
        Rejection reason = cause instanceof NotSslRecordException
                ? Rejection.PLAIN_TEXT
                : cause instanceof SslHandshakeTimeoutException ? Rejection.TLS_TIMEOUT : Rejection.TLS_HANDSHAKE;
        reject(context, reason, TlsFailure.atServer(cause).what());
    }

    private void reject(ChannelHandlerContext context, Rejection reason, String why) {
        if (!rejected) {
            rejected = true;
            log.warn(
                    "Closing the connection of {} to the raft port: {}. {}",
                    context.channel().remoteAddress(),
                    why,
                    REMEDY);
            onRejected.accept(reason);
        }
        context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (open) {
            context.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** The failure of a handshake was told already. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (open) {
            context.fireExceptionCaught(cause);
        } else {
            context.close();
        }
    }
}
