-- SPDX-License-Identifier: Apache-2.0
-- What became of the rows of each exporter, by hour of arrival: the verdicts of an hour add up to its ledger_exporter_hourly.
CREATE TABLE IF NOT EXISTS ledger_exporter_verdict_hourly (
  bucket_start   DATETIME          NOT NULL,
  collector_id   VARCHAR(64)       NOT NULL,
  endpoint       VARCHAR(64)       NOT NULL,
  realm          VARCHAR(64)       NOT NULL DEFAULT '',
  exporter       VARCHAR(45)       NOT NULL,
  version        SMALLINT UNSIGNED NOT NULL,
  domain         BIGINT UNSIGNED   NOT NULL,
  verdict        VARCHAR(32)       NOT NULL,
  `rows`         BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  octets         BIGINT UNSIGNED   NOT NULL DEFAULT 0,
  stamp_inserted DATETIME          NOT NULL,
  stamp_updated  DATETIME          NOT NULL,
  PRIMARY KEY (bucket_start, collector_id, endpoint, realm, exporter, version, domain, verdict)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  PARTITION BY RANGE COLUMNS (bucket_start) (PARTITION p_first VALUES LESS THAN ('2000-01-01'));

CREATE OR REPLACE VIEW exporter_verdict_hourly AS
SELECT exporter, endpoint, realm, version, domain, bucket_start, verdict,
       CAST(SUM(`rows`) AS UNSIGNED) AS `rows`, CAST(SUM(octets) AS UNSIGNED) AS octets
FROM ledger_exporter_verdict_hourly
GROUP BY exporter, endpoint, realm, version, domain, bucket_start, verdict;
