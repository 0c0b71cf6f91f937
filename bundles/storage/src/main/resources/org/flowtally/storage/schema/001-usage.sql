-- SPDX-License-Identifier: Apache-2.0
-- Every time is UTC. Every counter is an unsigned 64-bit number. Every statement may run again: MariaDB's DDL is not
-- transactional, and a migration that was interrupted is repeated from its first statement.

-- Usage per collector. Partitions are UTC days, named by the day; storage adds them, retention drops them.
-- The first partition takes what comes later than its day was dropped.
CREATE TABLE IF NOT EXISTS ledger_usage_hourly (
  bucket_start   DATETIME        NOT NULL,
  collector_id   VARCHAR(64)     NOT NULL,
  account_id     VARCHAR(128)    NOT NULL DEFAULT '',
  service_id     VARCHAR(128)    NOT NULL DEFAULT '',
  traffic_class  VARCHAR(32)     NOT NULL DEFAULT '',
  bytes_in       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  bytes_out      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  packets_in     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  packets_out    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  flows          BIGINT UNSIGNED NOT NULL DEFAULT 0,
  quality        INT UNSIGNED    NOT NULL DEFAULT 0,
  stamp_inserted DATETIME        NOT NULL,
  stamp_updated  DATETIME        NOT NULL,
  PRIMARY KEY (bucket_start, collector_id, account_id, service_id, traffic_class),
  KEY account_usage (account_id, bucket_start)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  PARTITION BY RANGE COLUMNS (bucket_start) (PARTITION p_first VALUES LESS THAN ('2000-01-01'));

-- What addresses of the home networks moved while nobody held them.
CREATE TABLE IF NOT EXISTS ledger_unmatched_hourly (
  bucket_start   DATETIME        NOT NULL,
  collector_id   VARCHAR(64)     NOT NULL,
  realm          VARCHAR(64)     NOT NULL DEFAULT '',
  address        VARCHAR(45)     NOT NULL,
  bytes_in       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  bytes_out      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  packets_in     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  packets_out    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  flows          BIGINT UNSIGNED NOT NULL DEFAULT 0,
  quality        INT UNSIGNED    NOT NULL DEFAULT 0,
  stamp_inserted DATETIME        NOT NULL,
  stamp_updated  DATETIME        NOT NULL,
  PRIMARY KEY (bucket_start, collector_id, realm, address),
  KEY address_usage (address, bucket_start)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  PARTITION BY RANGE COLUMNS (bucket_start) (PARTITION p_first VALUES LESS THAN ('2000-01-01'));

-- What each exporter sent, by hour of arrival.
CREATE TABLE IF NOT EXISTS ledger_exporter_hourly (
  bucket_start     DATETIME          NOT NULL,
  collector_id     VARCHAR(64)       NOT NULL,
  endpoint         VARCHAR(64)       NOT NULL,
  realm            VARCHAR(64)       NOT NULL DEFAULT '',
  exporter         VARCHAR(45)       NOT NULL,
  version          SMALLINT UNSIGNED NOT NULL,
  domain           BIGINT UNSIGNED   NOT NULL,
  datagrams        BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  `rows`           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  lost             BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  damaged          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  octets           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  octets_counted   BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  octets_discarded BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  octets_unmatched BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  stamp_inserted   DATETIME          NOT NULL,
  stamp_updated    DATETIME          NOT NULL,
  PRIMARY KEY (bucket_start, collector_id, endpoint, realm, exporter, version, domain)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  PARTITION BY RANGE COLUMNS (bucket_start) (PARTITION p_first VALUES LESS THAN ('2000-01-01'));

-- Which pages stand in the ledger tables: page numbers of a run, in ranges without gap.
CREATE TABLE IF NOT EXISTS applied_page (
  collector_id   VARCHAR(64)     NOT NULL,
  run_id         BIGINT UNSIGNED NOT NULL,
  first_sequence BIGINT UNSIGNED NOT NULL,
  last_sequence  BIGINT UNSIGNED NOT NULL,
  sealed_at      DATETIME(3)     NOT NULL,
  applied_at     DATETIME(3)     NOT NULL,
  PRIMARY KEY (collector_id, run_id, first_sequence)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who holds which addresses: written by the NMS, read by the subscriber stage. valid_to NULL means open.
CREATE TABLE IF NOT EXISTS ip_assignment (
  realm         VARCHAR(64)  NOT NULL DEFAULT '',
  prefix        VARCHAR(49)  NOT NULL,
  account_id    VARCHAR(128) NOT NULL,
  service_id    VARCHAR(128) NOT NULL DEFAULT '',
  valid_from    DATETIME(3)  NOT NULL DEFAULT '1970-01-01 00:00:00',
  valid_to      DATETIME(3)  NULL,
  stamp_updated TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (realm, prefix, valid_from),
  KEY account_assignment (account_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The exporters that each collector knows; counters run since `since`.
CREATE TABLE IF NOT EXISTS exporter_status (
  collector_id  VARCHAR(64)       NOT NULL,
  endpoint      VARCHAR(64)       NOT NULL,
  realm         VARCHAR(64)       NOT NULL DEFAULT '',
  exporter      VARCHAR(45)       NOT NULL,
  version       SMALLINT UNSIGNED NOT NULL,
  domain        BIGINT UNSIGNED   NOT NULL,
  since         DATETIME(3)       NOT NULL,
  last_seen     DATETIME(3)       NOT NULL,
  datagrams     BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  `rows`        BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  damaged       BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  lost          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  reordered     BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  restarts      BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  sampling_rate INT UNSIGNED      NOT NULL DEFAULT 1,
  stamp_updated DATETIME(3)       NOT NULL,
  PRIMARY KEY (collector_id, endpoint, realm, exporter, version, domain)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The heartbeat of each collector: the NMS warns when heartbeat_at grows old.
CREATE TABLE IF NOT EXISTS collector_status (
  collector_id    VARCHAR(64)     NOT NULL PRIMARY KEY,
  host_name       VARCHAR(255)    NOT NULL,
  started_at      DATETIME(3)     NOT NULL,
  heartbeat_at    DATETIME(3)     NOT NULL,
  is_running      BOOLEAN         NOT NULL,
  message         VARCHAR(1000)   NOT NULL DEFAULT '',
  run_id          BIGINT UNSIGNED NOT NULL DEFAULT 0,
  endpoints_open  INT UNSIGNED    NOT NULL DEFAULT 0,
  endpoints_total INT UNSIGNED    NOT NULL DEFAULT 0,
  pages_applied   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  pages_waiting   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  pages_damaged   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  applied_at      DATETIME(3)     NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What an operator should know of: loss, restart, silence of an exporter.
CREATE TABLE IF NOT EXISTS netflow_event (
  occurred_at  DATETIME(3)     NOT NULL,
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  collector_id VARCHAR(64)     NOT NULL,
  kind         VARCHAR(32)     NOT NULL,
  subject      VARCHAR(255)    NOT NULL DEFAULT '',
  message      VARCHAR(1000)   NOT NULL DEFAULT '',
  PRIMARY KEY (id, occurred_at),
  KEY event_time (occurred_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  PARTITION BY RANGE COLUMNS (occurred_at) (PARTITION p_first VALUES LESS THAN ('2000-01-01'));

-- The operator's time zone, as UTC times and the offset in force between them; storage fills it.
CREATE TABLE IF NOT EXISTS operator_time (
  valid_from     DATETIME    NOT NULL PRIMARY KEY,
  valid_to       DATETIME    NOT NULL,
  offset_seconds INT         NOT NULL,
  time_zone      VARCHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the NMS reads: sums over collectors.
CREATE OR REPLACE VIEW usage_hourly AS
SELECT account_id, service_id, bucket_start, traffic_class,
       CAST(SUM(bytes_in) AS UNSIGNED) AS bytes_in, CAST(SUM(bytes_out) AS UNSIGNED) AS bytes_out,
       CAST(SUM(packets_in) AS UNSIGNED) AS packets_in, CAST(SUM(packets_out) AS UNSIGNED) AS packets_out,
       CAST(SUM(flows) AS UNSIGNED) AS flows, BIT_OR(quality) AS quality,
       MIN(stamp_inserted) AS stamp_inserted, MAX(stamp_updated) AS stamp_updated
FROM ledger_usage_hourly
GROUP BY account_id, service_id, bucket_start, traffic_class;

CREATE OR REPLACE VIEW usage_daily AS
SELECT u.account_id, u.service_id, DATE(u.bucket_start + INTERVAL t.offset_seconds SECOND) AS day, u.traffic_class,
       CAST(SUM(u.bytes_in) AS UNSIGNED) AS bytes_in, CAST(SUM(u.bytes_out) AS UNSIGNED) AS bytes_out,
       CAST(SUM(u.packets_in) AS UNSIGNED) AS packets_in, CAST(SUM(u.packets_out) AS UNSIGNED) AS packets_out,
       CAST(SUM(u.flows) AS UNSIGNED) AS flows, BIT_OR(u.quality) AS quality,
       MIN(u.stamp_inserted) AS stamp_inserted, MAX(u.stamp_updated) AS stamp_updated
FROM ledger_usage_hourly u
JOIN operator_time t ON u.bucket_start >= t.valid_from AND u.bucket_start < t.valid_to
GROUP BY u.account_id, u.service_id, day, u.traffic_class;

CREATE OR REPLACE VIEW usage_monthly AS
SELECT u.account_id, u.service_id,
       CAST(DATE_FORMAT(u.bucket_start + INTERVAL t.offset_seconds SECOND, '%Y-%m-01') AS DATE) AS month, u.traffic_class,
       CAST(SUM(u.bytes_in) AS UNSIGNED) AS bytes_in, CAST(SUM(u.bytes_out) AS UNSIGNED) AS bytes_out,
       CAST(SUM(u.packets_in) AS UNSIGNED) AS packets_in, CAST(SUM(u.packets_out) AS UNSIGNED) AS packets_out,
       CAST(SUM(u.flows) AS UNSIGNED) AS flows, BIT_OR(u.quality) AS quality,
       MIN(u.stamp_inserted) AS stamp_inserted, MAX(u.stamp_updated) AS stamp_updated
FROM ledger_usage_hourly u
JOIN operator_time t ON u.bucket_start >= t.valid_from AND u.bucket_start < t.valid_to
GROUP BY u.account_id, u.service_id, month, u.traffic_class;

CREATE OR REPLACE VIEW data_usages AS
SELECT account_id, bucket_start + INTERVAL 1 HOUR AS end_time,
       CAST(SUM(bytes_in) AS UNSIGNED) AS bytes_in, CAST(SUM(bytes_out) AS UNSIGNED) AS bytes_out
FROM ledger_usage_hourly
GROUP BY account_id, bucket_start;

CREATE OR REPLACE VIEW usage_unmatched AS
SELECT realm, address, bucket_start,
       CAST(SUM(bytes_in) AS UNSIGNED) AS bytes_in, CAST(SUM(bytes_out) AS UNSIGNED) AS bytes_out,
       CAST(SUM(packets_in) AS UNSIGNED) AS packets_in, CAST(SUM(packets_out) AS UNSIGNED) AS packets_out,
       CAST(SUM(flows) AS UNSIGNED) AS flows, BIT_OR(quality) AS quality,
       MIN(stamp_inserted) AS stamp_inserted, MAX(stamp_updated) AS stamp_updated
FROM ledger_unmatched_hourly
GROUP BY realm, address, bucket_start;

CREATE OR REPLACE VIEW exporter_hourly AS
SELECT exporter, endpoint, realm, version, domain, bucket_start,
       CAST(SUM(datagrams) AS UNSIGNED) AS datagrams, CAST(SUM(`rows`) AS UNSIGNED) AS `rows`,
       CAST(SUM(lost) AS UNSIGNED) AS lost, CAST(SUM(damaged) AS UNSIGNED) AS damaged,
       CAST(SUM(octets) AS UNSIGNED) AS octets, CAST(SUM(octets_counted) AS UNSIGNED) AS octets_counted,
       CAST(SUM(octets_discarded) AS UNSIGNED) AS octets_discarded,
       CAST(SUM(octets_unmatched) AS UNSIGNED) AS octets_unmatched
FROM ledger_exporter_hourly
GROUP BY exporter, endpoint, realm, version, domain, bucket_start;
