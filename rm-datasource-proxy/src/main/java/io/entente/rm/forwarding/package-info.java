/** JDBC objects that hand every call on: what the data source proxies of all modes are made of. */
@NullMarked
package io.entente.rm.forwarding;

import org.jspecify.annotations.NullMarked;
