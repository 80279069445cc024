-- The event bus's part of every service's schema. Applied by @wardline/persistence before the service's own migrations;
-- {{schema}} and {{role}} are the service's; the role wardline_bus is the relay's, and exists before any migration runs.

-- Events that were written with their cause and are not published yet. Empty most of the time.
create table {{schema}}.outbox (
  -- Order of writing. Never used as a cursor: a row with a lower position may become visible later.
  position bigint generated always as identity primary key,
  id uuid not null unique,
  tenant_id uuid not null,
  topic text not null check (topic <> ''),
  -- Of the topic; computed from the key by the writer, so that a relay takes only what it owns.
  partition integer not null check (partition >= 0),
  type text not null,
  key text not null check (key <> ''),
  subject text not null,
  data jsonb not null,
  traceparent text not null,
  occurred_at timestamptz not null
);
alter table {{schema}}.outbox enable row level security;
alter table {{schema}}.outbox force row level security;

-- The service adds events of the tenant it works for, and can neither read nor take back what it has added.
create policy outbox_insert on {{schema}}.outbox for insert to {{role}}
  with check (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);
revoke all on {{schema}}.outbox from {{role}};
grant insert on {{schema}}.outbox to {{role}};

-- The relay takes events of all tenants from here, and may do nothing else in this schema but prune the inbox.
create policy outbox_relay_select on {{schema}}.outbox for select to wardline_bus using (true);
create policy outbox_relay_delete on {{schema}}.outbox for delete to wardline_bus using (true);
grant usage on schema {{schema}} to wardline_bus;
grant select, delete on {{schema}}.outbox to wardline_bus;

-- Events whose effect has been made, per consumer: written in the effect's own transaction.
create table {{schema}}.inbox (
  consumer text not null,
  event_id uuid not null,
  tenant_id uuid not null default nullif(current_setting('wardline.tenant_id', true), '')::uuid,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_processed_at on {{schema}}.inbox (processed_at);
alter table {{schema}}.inbox enable row level security;
alter table {{schema}}.inbox force row level security;

create policy inbox_insert on {{schema}}.inbox for insert to {{role}}
  with check (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);
create policy inbox_select on {{schema}}.inbox for select to {{role}}
  using (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);
revoke all on {{schema}}.inbox from {{role}};
grant select, insert on {{schema}}.inbox to {{role}};

-- Pruning: the relay sees of the inbox only what is older than any event the log still holds, and only when it was made.
create policy inbox_prune_select on {{schema}}.inbox for select to wardline_bus
  using (processed_at < now() - interval '30 days');
create policy inbox_prune_delete on {{schema}}.inbox for delete to wardline_bus
  using (processed_at < now() - interval '30 days');
grant select (processed_at), delete on {{schema}}.inbox to wardline_bus;
