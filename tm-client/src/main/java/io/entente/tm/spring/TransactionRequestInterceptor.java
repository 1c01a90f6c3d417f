package io.entente.tm.spring;

import io.entente.tm.CapturedTransaction;
import io.entente.tm.TransactionContext;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Takes the global transaction of the current thread along with each request of a RestClient or RestTemplate, and
 * takes the participant's vote back. Auto-configuration adds it to every such bean and builder; add it by hand to a
 * client made in another way.
 */
public final class TransactionRequestInterceptor implements ClientHttpRequestInterceptor {

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        CapturedTransaction transaction = TransactionContext.capture();
        String xid = transaction.xid();
        if (xid == null) {
            return execution.execute(request, body);
        }
        request.getHeaders().set(TransactionHeaders.XID, xid);
        ClientHttpResponse response;
        try {
            response = execution.execute(request, body);
        } catch (IOException e) {
            ParticipantAnswer.missing(transaction, request.getMethod(), request.getURI(), e);
            throw e;
        }
        ParticipantAnswer.received(
                transaction,
                request.getMethod(),
                request.getURI(),
                response.getStatusCode(),
                response.getHeaders().getFirst(TransactionHeaders.VOTE));
        return response;
    }

    static void addTo(List<ClientHttpRequestInterceptor> interceptors) {
        if (interceptors.stream().noneMatch(TransactionRequestInterceptor.class::isInstance)) {
            interceptors.add(new TransactionRequestInterceptor());
        }
    }
}
