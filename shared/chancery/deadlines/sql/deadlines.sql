-- Deadlines as stored things. The table is filled by events like any read model and can be filled anew from the first
-- one; what the workers note while they work lies beside it and may be lost without harm.

-- Every deadline of every tenant: what it was counted from, when it is due, and what became of it. A fired deadline that
-- was met afterwards keeps the moment it fired: it was met late.
create table public.deadline_v1 (
  tenant           text        not null,
  id               uuid        not null,
  thing            uuid        not null,
  name             text        not null,
  state            text        not null check (state in ('running', 'fired', 'met', 'cancelled')),
  stands           boolean     not null default false,
  due_at           timestamptz not null,
  due_on           date        not null,
  provisional      boolean     not null,
  calendar_version text        not null,
  counted          json        not null,
  matter           uuid        not null,
  cause            uuid        not null,
  started_at       timestamptz not null,
  fired_at         timestamptz,
  met_at           timestamptz,
  primary key (tenant, id)
);
create index deadline_v1_due on public.deadline_v1 (due_at) where state = 'running';
create index deadline_v1_running on public.deadline_v1 (tenant, id) where state = 'running';
create index deadline_v1_thing on public.deadline_v1 (tenant, thing);
create index deadline_v1_by_day on public.deadline_v1 (tenant, due_at, id);
alter table public.deadline_v1 enable row level security;
create policy tenant on public.deadline_v1 to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
grant select, insert, update, delete on public.deadline_v1 to "{app}";
create view public.deadline with (security_invoker = true) as select * from public.deadline_v1;
grant select, insert, update, delete on public.deadline to "{app}";
insert into kernel.projection (name, version) values ('deadline', 1);

-- Notes of the workers: who has it until when, how often it was tried, for which due moment it is done with, and under
-- which calendar it was last found unchanged.
create table kernel.deadline_work (
  tenant       text        not null,
  id           uuid        not null,
  leased_until timestamptz,
  attempts     integer     not null default 0,
  last_error   text,
  settled_for  timestamptz,
  checked      text,
  primary key (tenant, id)
);
alter table kernel.deadline_work enable row level security;
create policy tenant on kernel.deadline_work to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
grant select, insert, update, delete on kernel.deadline_work to "{app}";

-- The calendars that processes of this service have known, in the order in which they came. A process with an older one
-- counts nothing anew: the latest knowledge stands.
create table kernel.calendar (
  seq     bigint      generated always as identity primary key,
  version text        not null,
  at      timestamptz not null default clock_timestamp()
);
grant select on kernel.calendar to "{app}";

-- Enter a calendar; its number if none came after it, else null. Entered again on purpose it is the latest once more.
create function kernel.adopt_calendar(known text, again boolean) returns bigint
language plpgsql security definer set search_path = pg_catalog, kernel as $$
begin
  if again or not exists (select from kernel.calendar c where c.version = known) then
    perform pg_advisory_xact_lock(7411, 1);
    if again or not exists (select from kernel.calendar c where c.version = known) then
      insert into kernel.calendar (version) values (known);
    end if;
  end if;
  return (select l.seq from (select c.seq, c.version from kernel.calendar c order by c.seq desc limit 1) l
    where l.version = known);
end $$;

-- Due deadlines of all tenants, each for one worker at a time. The row locks end with this statement, so the command that
-- follows on another connection is never in the way of its own deadline; the lease runs in real time, also in a
-- rehearsal. Nothing but tenant and id is told.
create function kernel.take_due(moment timestamptz, most integer, lease interval)
returns table (tenant text, id uuid, due_at timestamptz, attempts integer)
language plpgsql security definer set search_path = pg_catalog, kernel set enable_seqscan = off as $$
#variable_conflict use_column
begin
  return query
    with due as (
      select d.tenant, d.id, d.due_at
      from public.deadline d
      left join kernel.deadline_work w on w.tenant = d.tenant and w.id = d.id
      where d.state = 'running' and d.due_at <= moment
        and (w.leased_until is null or w.leased_until <= clock_timestamp())
        and (w.settled_for is null or w.settled_for <> d.due_at)
      order by d.due_at
      limit most
      for update of d skip locked),
    taken as (
      insert into kernel.deadline_work as w (tenant, id, leased_until, attempts)
      select due.tenant, due.id, clock_timestamp() + lease, 1 from due
      on conflict (tenant, id) do update
        set leased_until = excluded.leased_until, attempts = w.attempts + 1
        where w.leased_until is null or w.leased_until <= clock_timestamp()
      returning w.tenant, w.id, w.attempts)
    select taken.tenant, taken.id, due.due_at, taken.attempts
    from taken join due on due.tenant = taken.tenant and due.id = taken.id
    order by due.due_at;
end $$;

-- How many are due and not done with, over all tenants.
create function kernel.due_count(moment timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, kernel as $$
  select count(*) from public.deadline d
  left join kernel.deadline_work w on w.tenant = d.tenant and w.id = d.id
  where d.state = 'running' and d.due_at <= moment and (w.settled_for is null or w.settled_for <> d.due_at)
$$;

-- The next moment at which something of any tenant falls due.
create function kernel.next_due(moment timestamptz) returns timestamptz
language sql stable security definer set search_path = pg_catalog, kernel as $$
  select d.due_at from public.deadline d where d.state = 'running' and d.due_at > moment order by d.due_at limit 1
$$;

-- Running deadlines of all tenants that were counted under another calendar, behind a place in the order of their keys.
create function kernel.other_calendar(version text, after_tenant text, after_id uuid, most integer)
returns table (tenant text, id uuid)
language sql stable security definer set search_path = pg_catalog, kernel set enable_seqscan = off as $$
  select d.tenant, d.id from public.deadline d
  left join kernel.deadline_work w on w.tenant = d.tenant and w.id = d.id
  where d.state = 'running' and d.calendar_version <> version and w.checked is distinct from version
    and (d.tenant, d.id) > (after_tenant, after_id)
  order by d.tenant, d.id
  limit most
$$;

revoke all on function
  kernel.adopt_calendar, kernel.take_due, kernel.due_count, kernel.next_due, kernel.other_calendar from public;
grant execute on function
  kernel.adopt_calendar, kernel.take_due, kernel.due_count, kernel.next_due, kernel.other_calendar to "{app}";
