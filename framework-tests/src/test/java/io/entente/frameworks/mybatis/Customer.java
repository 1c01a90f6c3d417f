package io.entente.frameworks.mybatis;

import java.math.BigDecimal;

public class Customer {

    private Long id;
    private String name;
    private BigDecimal credit;
    private long version;

    public Customer() {}

    public Customer(String name, BigDecimal credit) {
        this.name = name;
        this.credit = credit;
    }

    public Long getId() {
        return id;
    }

    public void setId(Long id) {
        this.id = id;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public BigDecimal getCredit() {
        return credit;
    }

    public void setCredit(BigDecimal credit) {
        this.credit = credit;
    }

    public long getVersion() {
        return version;
    }

    public void setVersion(long version) {
        this.version = version;
    }
}
