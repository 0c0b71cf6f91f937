// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of storage: the database, its account, and how pages are applied. */
@ObjectClassDefinition(
        id = StorageSettings.PID,
        name = "Flowtally storage",
        description = "The database, its account, and how pages are applied.")
@interface StorageConfig {
    /** The address of the database. */
    @AttributeDefinition(
            name = "Database",
            description = "JDBC URL of the MariaDB database, jdbc:mariadb://host:port/name, without user and password.")
    String url() default "jdbc:mariadb://127.0.0.1:3306/flowtally";

    /** The account. */
    @AttributeDefinition(
            name = "User",
            description = "Database user; needs all rights on the database and none elsewhere.")
    String user() default "flowtally";

    /** Where the password stands. */
    @AttributeDefinition(
            name = "Password file",
            description =
                    "File whose first line is the password; only its owner may read it (chmod 600). A relative name is"
                            + " taken from the folder etc.")
    String password_file() default "org.flowtally.storage.password";

    /** How many connections others may use at a time. */
    @AttributeDefinition(
            name = "Pool size",
            description = "Connections for look-ups and reloads, besides the one that applies pages; 1 to 64.",
            min = "1",
            max = "64")
    int pool_size() default 4;

    /** How long a connection may take to open. */
    @AttributeDefinition(
            name = "Connect timeout",
            description = "Seconds that opening a connection may take; 1 to 300.",
            min = "1",
            max = "300")
    int connect_timeout_seconds() default 5;

    /** How long a statement may take. */
    @AttributeDefinition(
            name = "Statement timeout",
            description = "Seconds that the database may take to answer a statement; 1 to 3600.",
            min = "1",
            max = "3600")
    int statement_timeout_seconds() default 60;

    /** How often waiting pages are applied. */
    @AttributeDefinition(
            name = "Apply interval",
            description = "Milliseconds between two transactions that apply pages; 0 to 60000. Pages are safe on disk"
                    + " meanwhile; those of one transaction are added up first, which spares the database work.",
            min = "0",
            max = "60000")
    int apply_interval_millis() default 5000;

    /** How long the end may wait for pages. */
    @AttributeDefinition(
            name = "Drain time",
            description = "Seconds for which an orderly stop applies waiting pages; 0 to 3600. What then still waits is"
                    + " applied after the next start.",
            min = "0",
            max = "3600")
    int drain_seconds() default 30;

    /** How often the status tables are written. */
    @AttributeDefinition(
            name = "Status interval",
            description = "Seconds between two writes of collector_status and exporter_status; 1 to 3600.",
            min = "1",
            max = "3600")
    int status_interval_seconds() default 10;

    /** The operator's time zone. */
    @AttributeDefinition(
            name = "Time zone",
            description =
                    "Time zone of the days and months in usage_daily and usage_monthly, such as Europe/Prague. One"
                            + " for all collectors of a database.")
    String time_zone() default "UTC";
}
