-- A service of the drill's own. What is true stands in `domain_rows`; what consumers made of it in `effects`.

-- The row lock of a key's counter gives the key's events their order: who has it writes event n and commits or not.
create table chaos.counters (
  tenant_id uuid not null,
  topic text not null,
  key text not null,
  n bigint not null,
  primary key (topic, key)
);

-- One row per event that really happened: written in the event's own transaction.
create table chaos.domain_rows (
  event_id uuid primary key,
  tenant_id uuid not null,
  topic text not null,
  key text not null,
  n bigint not null,
  unique (topic, key, n)
);

-- Deliberately without a unique constraint on the event: an effect made twice must show.
create table chaos.effects (
  position bigint generated always as identity primary key,
  tenant_id uuid not null,
  consumer text not null,
  event_id uuid not null,
  topic text not null,
  key text not null,
  n bigint not null
);
create index effects_event on chaos.effects (event_id);

do $$
declare t text;
begin
  foreach t in array array['counters', 'domain_rows', 'effects'] loop
    execute format('alter table chaos.%I enable row level security', t);
    execute format('alter table chaos.%I force row level security', t);
    execute format(
      'create policy own_tenant on chaos.%I to wardline_chaos
         using (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', t);
  end loop;
end $$;

-- How far the planted relay has come (`--plant relay-by-id`); the product's relay has no such thing.
create table chaos.relay_cursor (
  position bigint not null
);
insert into chaos.relay_cursor values (0);
grant select, update on chaos.relay_cursor to wardline_bus;
