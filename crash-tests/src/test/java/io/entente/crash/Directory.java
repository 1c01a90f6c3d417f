package io.entente.crash;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which process of a bank answers calls at present, as service discovery would tell it. */
final class Directory {

    private final Map<String, Bank> banks = new ConcurrentHashMap<>();

    void announce(Bank bank) {
        banks.put(bank.site.role(), bank);
    }

    /** @throws IllegalStateException when there is none yet */
    Bank find(String role) {
        Bank bank = banks.get(role);
        if (bank == null) {
            throw new IllegalStateException("no process of the " + role + " is known yet");
        }
        return bank;
    }
}
