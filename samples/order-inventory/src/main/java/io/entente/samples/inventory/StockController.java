package io.entente.samples.inventory;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The stock over HTTP. */
@RestController
class StockController {

    private final StockService stock;

    StockController(StockService stock) {
        this.stock = stock;
    }

    record Deduction(String commodity, int count) {}

    @PostMapping("/stock/deduct")
    void deduct(@RequestBody Deduction deduction) {
        stock.deduct(deduction.commodity(), deduction.count());
    }

    @GetMapping("/stock")
    List<Stock> stock() {
        return stock.all();
    }
}
