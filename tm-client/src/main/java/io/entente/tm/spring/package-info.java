/** Entente in a Spring Boot application: auto-configuration, the annotation, and the XID in HTTP headers. */
@NullMarked
package io.entente.tm.spring;

import org.jspecify.annotations.NullMarked;
