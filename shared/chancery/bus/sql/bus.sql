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
grant select, insert, update, delete on kernel.dead_letter to "{app}";

-- How many wait, over all tenants: a figure for operators, and nothing else of other tenants.
create function kernel.parked() returns table (consumer text, source text, parked bigint) language sql stable security definer
  set search_path = kernel as $$ select d.consumer, d.source, count(*) from kernel.dead_letter d group by 1, 2 $$;
revoke all on function kernel.parked() from public;
grant execute on function kernel.parked() to "{app}";

-- A batch of heard events, taken in: the writes, what is parked, and the position in one turn. ``was`` is the position the
-- batch begins after, ``upto`` its last event's. ``free`` are the streams whose events were taken in, ``held`` those whose
-- events wait behind a parked one. Answers: heard; moved (another process was first); outdated (this process writes another
-- version than the tables have); held, freed (dead letters came or went meanwhile: look again). Only heard changes anything.
create function kernel.hear(of_name text, of_source text, of_version integer, was bigint, upto bigint, of_tenants text[],
  free uuid[], held uuid[], groups json, parked json) returns text
language plpgsql as $$
declare at bigint; has integer;
begin
  perform set_config('chancery.tenants', of_tenants::text, true);
  select c.pos, c.version into at, has from kernel.consumer c
    where c.name = of_name and c.source = of_source and c.lane = 0 for update;
  if at is distinct from was then
    return 'moved';
  elsif has <> of_version then
    return 'outdated';
  elsif exists (select from kernel.dead_letter d where d.consumer = of_name and d.source = of_source)
    and exists (select from kernel.dead_letter d
      where d.consumer = of_name and d.source = of_source and d.stream = any (free)) then
    return 'held';
  elsif exists (select from unnest(held) h(stream) where not exists (select from kernel.dead_letter d
      where d.consumer = of_name and d.source = of_source and d.stream = h.stream)) then
    return 'freed';
  end if;
  if groups is not null then
    perform kernel.write_rows(groups);
  end if;
  if parked is not null then
    insert into kernel.dead_letter (consumer, source, pos, tenant, stream, event, cause, first)
    select of_name, of_source, p.pos, p.tenant, p.stream, p.event, p.cause, p.first
    from json_populate_recordset(null::kernel.dead_letter, parked) p on conflict do nothing;
  end if;
  update kernel.consumer c set pos = upto, heard_at = now()
    where c.name = of_name and c.source = of_source and c.lane = 0;
  return 'heard';
end $$;
-- Rows of the batch first, then the table through its key. Costed as usual, a plan made while a table is new goes through
-- the whole table and through the batch again for each of its rows, and it stays for as long as the session.
alter function kernel.hear set cpu_tuple_cost = 1 set random_page_cost = 0 set seq_page_cost = 0;
revoke all on function kernel.hear from public;
grant execute on function kernel.hear to "{app}";

-- Those of some streams that wait behind a parked event.
create function kernel.held(of_name text, of_source text, of_tenants text[], streams uuid[]) returns setof uuid
language plpgsql as $$
begin
  perform set_config('chancery.tenants', of_tenants::text, true);
  return query select distinct d.stream from kernel.dead_letter d
    where d.consumer = of_name and d.source = of_source and d.stream = any (streams);
end $$;
revoke all on function kernel.held from public;
grant execute on function kernel.held to "{app}";

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
