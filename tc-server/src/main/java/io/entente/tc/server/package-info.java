/** The standalone server: a Spring Boot application around the coordinator, with health, metrics and a REST API. */
@NullMarked
package io.entente.tc.server;

import org.jspecify.annotations.NullMarked;
