package io.entente.tm.spring;

import io.entente.tm.CapturedTransaction;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionContextAccessor;
import java.util.List;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Takes the global transaction along with each request of a WebClient, and takes the participant's vote back. The
 * transaction is that of the subscribing thread, or else the one captured into the Reactor context.
 * Auto-configuration adds it to every WebClient bean and builder; add it by hand to a client made in another way.
 */
public final class TransactionExchangeFilter implements ExchangeFilterFunction {

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return Mono.deferContextual(context -> exchange(request, next, transactionOf(context)));
    }

    private static CapturedTransaction transactionOf(ContextView context) {
        CapturedTransaction ofThread = TransactionContext.capture();
        if (ofThread.xid() == null && context.hasKey(TransactionContextAccessor.KEY)) {
            return context.get(TransactionContextAccessor.KEY);
        }
        return ofThread;
    }

    private static Mono<ClientResponse> exchange(
            ClientRequest request, ExchangeFunction next, CapturedTransaction transaction) {
        String xid = transaction.xid();
        if (xid == null) {
            return next.exchange(request);
        }
        ClientRequest joined = ClientRequest.from(request)
                .headers(headers -> headers.set(TransactionHeaders.XID, xid))
                .build();
        return next.exchange(joined)
                .doOnNext(response -> ParticipantAnswer.received(
                        transaction,
                        request.method(),
                        request.url(),
                        response.statusCode(),
                        response.headers().asHttpHeaders().getFirst(TransactionHeaders.VOTE)))
                .doOnError(
                        WebClientRequestException.class,
                        failure -> ParticipantAnswer.missing(transaction, request.method(), request.url(), failure));
    }

    static void addTo(List<ExchangeFilterFunction> filters) {
        if (filters.stream().noneMatch(TransactionExchangeFilter.class::isInstance)) {
            filters.add(new TransactionExchangeFilter());
        }
    }
}
