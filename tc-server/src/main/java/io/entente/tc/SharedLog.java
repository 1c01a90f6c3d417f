package io.entente.tc;

/** With whom a coordinator shares its log, so that another one can go on when it is gone. */
public sealed interface SharedLog permits ClusterSettings, DatabaseLogSettings {}
