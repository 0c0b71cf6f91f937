// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

/**
 * What an endpoint grants its connections.
 *
 * @param most connections at once
 * @param mostPerAddress connections of one address at once
 * @param idleSeconds after how long a silence a connection is closed
 * @param tls the files that secure them; empty names if they are not secured
 */
record ConnectionSettings(int most, int mostPerAddress, int idleSeconds, TlsFiles tls) {}
