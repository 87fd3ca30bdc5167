-- How far this service is in the events of others, committed together with what it wrote of them.
create table kernel.consumer (
  name       text     not null,
  source     text     not null,
  lane       smallint not null default 0,
  version    integer  not null default 1,
  pos        bigint   not null default 0,
  heard_at   timestamptz not null default now(),
  primary key (name, source, lane)
);
grant select, insert, update on kernel.consumer to "{app}";

-- Events that could not be taken in, and the later ones of their streams, which wait behind them.
create table kernel.dead_letter (
  consumer  text   not null,
  source    text   not null,
  pos       bigint not null,
  tenant    text   not null,
  stream    uuid   not null,
  event     text   not null,
  cause     text   not null,
  first     boolean not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, source, pos)
);
create index dead_letter_stream on kernel.dead_letter (consumer, source, stream);
alter table kernel.dead_letter enable row level security;
create policy tenant on kernel.dead_letter to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
grant select, insert, delete on kernel.dead_letter to "{app}";

-- How many wait, over all tenants: a figure for operators, and nothing else of other tenants.
create function kernel.parked() returns table (consumer text, source text, parked bigint) language sql stable security definer
  set search_path = kernel as $$ select d.consumer, d.source, count(*) from kernel.dead_letter d group by 1, 2 $$;
revoke all on function kernel.parked() from public;
grant execute on function kernel.parked() to "{app}";

-- The people of each government as heard: folded in memory, kept here in order.
create table public.heard_roster (
  tenant         text     not null,
  pos            bigint   not null,
  type           text     not null,
  schema_version smallint not null,
  body           json     not null,
  primary key (tenant, pos)
);
alter table public.heard_roster enable row level security;
create policy tenant on public.heard_roster to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
grant select, insert, update, delete on public.heard_roster to "{app}";
create function kernel.read_roster(of_tenant text, after bigint) returns table (pos bigint, type text, schema_version smallint, body text)
language plpgsql as $$
begin
  perform set_config('chancery.tenants', array[of_tenant]::text, true);
  return query select h.pos, h.type, h.schema_version, h.body::text from public.heard_roster h
    where h.tenant = of_tenant and h.pos > after order by h.pos;
end $$;
revoke all on function kernel.read_roster from public;
grant execute on function kernel.read_roster to "{app}";
