-- A service of the benchmark's own: what happened, and what a consumer made of it.
create table bench.facts (
  event_id uuid primary key,
  tenant_id uuid not null
);

create table bench.effects (
  tenant_id uuid not null,
  event_id uuid not null
);

do $$
declare t text;
begin
  foreach t in array array['facts', 'effects'] loop
    execute format('alter table bench.%I enable row level security', t);
    execute format('alter table bench.%I force row level security', t);
    execute format(
      'create policy own_tenant on bench.%I to wardline_bench
         using (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert on bench.%I to wardline_bench', t);
  end loop;
end $$;
