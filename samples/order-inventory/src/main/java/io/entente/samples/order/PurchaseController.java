package io.entente.samples.order;

import java.util.List;
import java.util.Map;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;

/** Purchases over HTTP. */
@RestController
class PurchaseController {

    private final PurchaseService purchases;
    private final Orders orders;

    PurchaseController(PurchaseService purchases, Orders orders) {
        this.purchases = purchases;
        this.orders = orders;
    }

    record Purchased(long orderId) {}

    @PostMapping("/purchases")
    Purchased purchase(@RequestBody PurchaseRequest purchase) throws InterruptedException {
        return new Purchased(purchases.purchase(purchase));
    }

    @PostMapping("/purchases/express")
    Purchased expressPurchase(@RequestBody PurchaseRequest purchase) throws InterruptedException {
        return new Purchased(purchases.expressPurchase(purchase));
    }

    @GetMapping("/orders")
    List<Order> orders() {
        return orders.all();
    }

    /** Another service failed. Its message goes to the buyer. */
    @ExceptionHandler
    ProblemDetail failed(HttpServerErrorException failure) {
        Map<String, Object> error = failure.getResponseBodyAs(new ParameterizedTypeReference<Map<String, Object>>() {});
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_GATEWAY, error == null ? failure.getMessage() : String.valueOf(error.get("message")));
    }

    /** Another service said no: too little stock, too little money. Its reason goes to the buyer. */
    @ExceptionHandler
    ProblemDetail refused(HttpClientErrorException.Conflict refusal) {
        ProblemDetail reason = refusal.getResponseBodyAs(ProblemDetail.class);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, reason == null ? refusal.getMessage() : String.valueOf(reason.getDetail()));
    }
}
