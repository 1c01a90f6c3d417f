package io.entente.samples.account;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The accounts over HTTP. */
@RestController
class AccountController {

    private final AccountService accounts;

    AccountController(AccountService accounts) {
        this.accounts = accounts;
    }

    /** @param paymentMillis how long the bank at the other end takes */
    record Debit(String userId, int amount, long paymentMillis) {}

    @PostMapping("/account/debit")
    void debit(@RequestBody Debit debit) throws InterruptedException {
        Thread.sleep(debit.paymentMillis());
        accounts.debit(debit.userId(), debit.amount());
    }

    @GetMapping("/accounts")
    List<Account> accounts() {
        return accounts.all();
    }
}
