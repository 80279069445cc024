-- The durable log of the embedded event bus. Only {{role}} reads and writes here: it carries events of all tenants, as a
-- Kafka cluster would. Services reach it through the library alone.

-- One row per partition; its lock is what makes offsets dense and given in commit order.
create table {{schema}}.partitions (
  topic text not null,
  partition integer not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
);

create table {{schema}}.log (
  topic text not null,
  partition integer not null,
  "offset" bigint not null,
  id uuid not null,
  tenant_id uuid not null,
  type text not null,
  key text not null,
  subject text not null,
  -- Of the subject within the topic, from 1.
  sequence bigint not null,
  data jsonb not null,
  traceparent text not null,
  occurred_at timestamptz not null,
  published_at timestamptz not null default now(),
  primary key (topic, partition, "offset")
);
create index log_published_at on {{schema}}.log (published_at);

create table {{schema}}.subjects (
  topic text not null,
  subject text not null,
  sequence bigint not null,
  updated_at timestamptz not null default now(),
  primary key (topic, subject)
);

-- How far a group has come: the first offset whose effect is not known to have been made.
create table {{schema}}.consumer_offsets (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  primary key (consumer_group, topic, partition)
);

-- A key whose event failed in a group. While a row stands here, events of the key wait in `parked`.
create table {{schema}}.parked_keys (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  key text not null,
  -- Failures of the first parked event so far.
  attempts integer not null default 0,
  -- null: dead-lettered; waits for a person's `dlq replay` or `dlq discard`.
  retry_at timestamptz,
  -- [{ at, reason }], of the first parked event, shortened to the newest.
  history jsonb not null default '[]',
  primary key (consumer_group, topic, partition, key)
);

create table {{schema}}.parked (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  key text not null,
  "offset" bigint not null,
  event jsonb not null,
  parked_at timestamptz not null default now(),
  primary key (consumer_group, topic, partition, key, "offset"),
  foreign key (consumer_group, topic, partition, key)
    references {{schema}}.parked_keys (consumer_group, topic, partition, key) on delete cascade
);

create table {{schema}}.dead_letters (
  id uuid primary key,
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  key text not null,
  "offset" bigint not null,
  reason text not null,
  history jsonb not null,
  event jsonb not null,
  dead_at timestamptz not null default now(),
  unique (consumer_group, topic, partition, "offset")
);

grant usage on schema {{schema}} to {{role}};
grant select, insert, update, delete on all tables in schema {{schema}} to {{role}};
