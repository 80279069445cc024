-- The ledger of consents has it from this call that whoever answered wants no more calls. Known before the call's end, as a
-- rule; the end may never be told with what was said in it.
ALTER TABLE campaigns.attempts ADD COLUMN opted_out boolean NOT NULL DEFAULT false;
