package io.entente.frameworks.mybatis;

public record Stock(String item, int amount, String note) {}
