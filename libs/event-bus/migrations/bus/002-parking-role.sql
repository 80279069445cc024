-- Consumers on Kafka keep nothing here but the keys that wait and the events that were given up. They may read and write
-- those, and neither the log nor any service's outbox.
grant usage on schema {{schema}} to wardline_parking;
grant select, insert, update, delete on {{schema}}.parked_keys, {{schema}}.parked, {{schema}}.dead_letters to wardline_parking;
