-- What another service's own record proves of a call (`ProvenResult`): an opt-out in the ledger of consents, a change of the
-- appointment. Known before the call's end, as a rule; the end may never be told with what was done in it.
ALTER TABLE campaigns.attempts ADD COLUMN proven text
  CHECK (proven IN ('opted-out', 'cancelled', 'moved', 'confirmed'));
UPDATE campaigns.attempts SET proven = 'opted-out' WHERE opted_out;
ALTER TABLE campaigns.attempts DROP COLUMN opted_out;
