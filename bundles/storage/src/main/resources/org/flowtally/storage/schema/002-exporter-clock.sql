-- SPDX-License-Identifier: Apache-2.0
-- The clock of each exporter, as the clock guard knows it. State '': it has judged no flow of it yet. Offset and spread are
-- NULL while they are not known; a positive offset is a clock that runs ahead.
ALTER TABLE exporter_status
  ADD COLUMN IF NOT EXISTS clock_state         VARCHAR(16)     NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS clock_since         DATETIME(3)     NULL,
  ADD COLUMN IF NOT EXISTS clock_offset_millis BIGINT          NULL,
  ADD COLUMN IF NOT EXISTS clock_spread_millis BIGINT UNSIGNED NULL,
  ADD COLUMN IF NOT EXISTS clock_policy        VARCHAR(16)     NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS clock_cause         VARCHAR(255)    NOT NULL DEFAULT '';
