-- The event table and the one function that writes it. Run by the database's owner; {app} and {relay} are the roles
-- that serve and that publish. Neither owns anything, neither can bypass row-level security.

create schema kernel;
grant usage on schema kernel to "{app}", "{relay}";
grant usage on schema public to "{app}";

-- Every event of every tenant of this service, for ever. The body is json and not jsonb: the very bytes that were
-- hashed stay. Positions count 1, 2, 3 … within a lane, in commit order, without a gap.
create table kernel.event (
  lane           smallint    not null default 0,
  pos            bigint      not null,
  tenant         text        not null,
  stream         uuid        not null,
  version        integer     not null,
  type           text        not null,
  schema_version smallint    not null,
  body           json        not null,
  meta           json        not null,
  business_at    timestamptz not null,
  recorded_at    timestamptz not null,
  command_id     uuid        not null,
  leaf           bytea       not null,
  primary key (lane, pos),
  constraint event_stream_version unique (stream, version)
);

-- The present version of each stream, and whose it is.
create table kernel.head (
  stream  uuid primary key,
  tenant  text    not null,
  version integer not null
) with (fillfactor = 70);

-- Every command that was answered, with its answer: asked again, it gets the same.
create table kernel.command (
  tenant       text  not null,
  command_id   uuid  not null,
  fingerprint  bytea not null,
  stream       uuid  not null,
  last_version integer not null,
  last_pos     bigint  not null,
  answer       json  not null,
  at           timestamptz not null,
  primary key (tenant, command_id)
);

-- Which version of each projection the views stand for.
create table kernel.projection (
  name     text primary key,
  version  integer not null,
  position bigint not null default 0,
  built_at timestamptz not null default now()
);

-- Nobody changes or removes an event: not the application, not the owner, not by mistake.
create function kernel.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'events are only added, never changed or removed (%)', tg_op using errcode = 'integrity_constraint_violation';
end $$;
create trigger event_only_added before update or delete on kernel.event for each row execute function kernel.refuse();
create trigger event_never_emptied before truncate on kernel.event for each statement execute function kernel.refuse();
alter table kernel.event enable always trigger event_only_added;
alter table kernel.event enable always trigger event_never_emptied;

-- The tenants a transaction stands within; nothing set is no tenant at all.
create function kernel.tenants() returns text[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('chancery.tenants', true), ''), '{{}}')::text[] $$;

alter table kernel.event   enable row level security;
alter table kernel.head    enable row level security;
alter table kernel.command enable row level security;
create policy tenant on kernel.event   to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create policy tenant on kernel.head    to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create policy tenant on kernel.command to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create policy everything on kernel.event for select to "{relay}" using (true);

grant select, insert         on kernel.event      to "{app}";
grant select, insert, update on kernel.head       to "{app}";
grant select, insert         on kernel.command    to "{app}";
grant select                 on kernel.projection to "{app}", "{relay}";
grant select                 on kernel.event      to "{relay}";

-- The last position over all tenants: the one thing about other tenants that an append has to know.
create function kernel.last_position() returns bigint language sql stable security definer set search_path = kernel
  as $$ select coalesce((select pos from kernel.event where lane = 0 order by lane desc, pos desc limit 1), 0) $$;
revoke all on function kernel.last_position() from public;
grant execute on function kernel.last_position() to "{app}", "{relay}";

-- One stream in order, and the first answer of a command if it has one: one round trip, inside one tenant's wall.
create function kernel.load(of_tenant text, of_stream uuid, of_command uuid)
returns table (pos bigint, tenant text, stream uuid, version integer, type text, schema_version smallint, body text, meta text,
  business_at timestamptz, recorded_at timestamptz, command_id uuid, leaf bytea, answer text, fingerprint bytea)
language plpgsql set enable_seqscan = off as $$
begin
  perform set_config('chancery.tenants', array[of_tenant]::text, true);
  return query
    select k.last_pos, k.tenant, k.stream, k.last_version, '', 0::smallint, '', '', k.at, k.at, k.command_id, ''::bytea,
      k.answer::text, k.fingerprint
    from kernel.command k where k.tenant = of_tenant and k.command_id = of_command;
  return query
    select e.pos, e.tenant, e.stream, e.version, e.type, e.schema_version, e.body::text, e.meta::text, e.business_at,
      e.recorded_at, e.command_id, e.leaf, null::text, null::bytea
    from kernel.event e where e.stream = of_stream and e.tenant = of_tenant order by e.version;
end $$;

-- Events of one tenant after a position, in order.
create function kernel.read_tenant(of_tenant text, after bigint, most integer)
returns table (pos bigint, tenant text, stream uuid, version integer, type text, schema_version smallint, body text, meta text,
  business_at timestamptz, recorded_at timestamptz, command_id uuid, leaf bytea)
language plpgsql as $$
begin
  perform set_config('chancery.tenants', array[of_tenant]::text, true);
  return query
    select e.pos, e.tenant, e.stream, e.version, e.type, e.schema_version, e.body::text, e.meta::text, e.business_at,
      e.recorded_at, e.command_id, e.leaf
    from kernel.event e where e.lane = 0 and e.pos > after and e.tenant = of_tenant order by e.pos limit most;
end $$;
create index event_tenant on kernel.event (tenant, pos);

-- Rows of read models, set-based. A group is {{"table", "op", "columns", "key", "rows": [[command, {{…}}], …]}}; rows of
-- commands that did not append are passed over (done is null: all are taken). Within a group no key comes twice.
create function kernel.write_rows(groups json, done integer[] default null) returns void language plpgsql as $$
declare
  g json; rows json; cols text; sets text; keys text; changed text;
begin
  for g in select value from json_array_elements(groups) loop
    if done is null then
      select json_agg(e.value -> 1) into rows from json_array_elements(g -> 'rows') e;
    else
      select json_agg(e.value -> 1) into rows from json_array_elements(g -> 'rows') e
      where (e.value ->> 0)::integer = any (done);
    end if;
    continue when rows is null;
    select string_agg(format('%I', c.value), ', ') into cols from json_array_elements_text(g -> 'columns') c;
    select string_agg(format('%I', k.value), ', ') into keys from json_array_elements_text(g -> 'key') k;
    if g ->> 'op' = 'upsert' then
      select string_agg(format('%1$I = excluded.%1$I', c.value), ', ') into sets
      from json_array_elements_text(g -> 'columns') c
      where c.value not in (select value from json_array_elements_text(g -> 'key'));
      execute format(
        'insert into public.%1$I (%2$s) select %2$s from json_populate_recordset(null::public.%1$I, $1) on conflict (%3$s) do %4$s',
        g ->> 'table', cols, keys, case when sets is null then 'nothing' else 'update set ' || sets end) using rows;
    elsif g ->> 'op' = 'patch' then
      select string_agg(format('%1$I = r.%1$I', c.value), ', ') into sets
      from json_array_elements_text(g -> 'columns') c
      where c.value not in (select value from json_array_elements_text(g -> 'key'));
      select string_agg(format('t.%1$I = r.%1$I', k.value), ' and ') into changed from json_array_elements_text(g -> 'key') k;
      execute format('update public.%1$I t set %2$s from json_populate_recordset(null::public.%1$I, $1) r where %3$s',
        g ->> 'table', sets, changed) using rows;
    else
      select string_agg(format('t.%1$I = r.%1$I', k.value), ' and ') into changed from json_array_elements_text(g -> 'key') k;
      execute format('delete from public.%1$I t using json_populate_recordset(null::public.%1$I, $1) r where %2$s',
        g ->> 'table', changed) using rows;
    end if;
  end loop;
end $$;

create type kernel.verdict as (
  cmd integer, outcome text, version integer, pos bigint, answer text, fingerprint bytea);

-- Many commands in one turn. c_*: one element per command; e_*: one per event, e_cmd being the index (from 1) of its
-- command. One verdict per command: appended, repeated (with the first answer) or conflict (with the present version).
-- One command a stream in a batch; the caller sees to that.
create function kernel.append(
  c_tenant text[], c_id uuid[], c_stream uuid[], c_expected integer[], c_fingerprint bytea[], c_answer text[],
  e_cmd integer[], e_version integer[], e_type text[], e_schema smallint[], e_body text[], e_meta text[],
  e_business timestamptz[], e_leaf bytea[],
  groups json, projections json)
returns setof kernel.verdict language plpgsql as $$
declare
  p bigint; stale text; instant timestamptz; verdicts kernel.verdict[]; done integer[]; last_pos bigint;
begin
  perform set_config('chancery.tenants', array(select distinct unnest(c_tenant))::text, true);
  if projections is not null then
    select string_agg(format('%s: this process writes version %s, the tables are at %s', w.key, w.value, coalesce(k.version::text, 'none')), '; ')
    into stale from json_each_text(projections) w left join kernel.projection k on k.name = w.key
    where k.version is distinct from w.value::integer;
    if stale is not null then
      raise exception 'outdated process: %', stale using errcode = 'CH001';
    end if;
  end if;
  perform pg_advisory_xact_lock(7411, 0);
  p := kernel.last_position();
  instant := clock_timestamp();

  with
  q as (
    select u.i::integer as i, u.tenant, u.id, u.stream, u.expected, u.fingerprint, u.answer
    from unnest(c_tenant, c_id, c_stream, c_expected, c_fingerprint, c_answer)
      with ordinality u(tenant, id, stream, expected, fingerprint, answer, i)),
  old as (
    select q.i, k.last_version, k.last_pos, k.answer, k.fingerprint
    from q join kernel.command k on k.tenant = q.tenant and k.command_id = q.id),
  fresh as (select q.* from q where not exists (select from old where old.i = q.i)),
  n as (select u.c, count(*)::integer as n from unnest(e_cmd) u(c) group by u.c),
  ins as (
    insert into kernel.head as h (stream, tenant, version)
    select f.stream, f.tenant, n.n from fresh f join n on n.c = f.i where f.expected = 0
    on conflict do nothing returning h.stream),
  upd as (
    update kernel.head h set version = h.version + n.n from fresh f join n on n.c = f.i
    where f.expected > 0 and h.stream = f.stream and h.tenant = f.tenant and h.version = f.expected
    returning h.stream),
  ok as (
    select f.* from fresh f where f.stream in (select ins.stream from ins union all select upd.stream from upd)),
  ev as (
    insert into kernel.event as e
      (pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf)
    select p + row_number() over (order by u.o), ok.tenant, ok.stream, u.version, u.type, u.schema, u.body::json, u.meta::json,
      u.business, instant, ok.id, u.leaf
    from unnest(e_cmd, e_version, e_type, e_schema, e_body, e_meta, e_business, e_leaf)
      with ordinality u(c, version, type, schema, body, meta, business, leaf, o)
    join ok on ok.i = u.c
    returning e.command_id, e.tenant, e.pos, e.version),
  latest as (select ev.tenant, ev.command_id, max(ev.version) as v, max(ev.pos) as p from ev group by 1, 2),
  rec as (
    insert into kernel.command (tenant, command_id, fingerprint, stream, last_version, last_pos, answer, at)
    select ok.tenant, ok.id, ok.fingerprint, ok.stream, latest.v, latest.p, ok.answer::json, instant
    from ok join latest on latest.tenant = ok.tenant and latest.command_id = ok.id)
  select array_agg((q.i,
      case when old.i is not null then 'repeated' when latest.p is not null then 'appended' else 'conflict' end,
      coalesce(old.last_version, latest.v, h.version, 0), coalesce(old.last_pos, latest.p, 0),
      old.answer::text, old.fingerprint)::kernel.verdict)
  into verdicts
  from q
  left join old on old.i = q.i
  left join latest on latest.tenant = q.tenant and latest.command_id = q.id
  left join kernel.head h on h.stream = q.stream and h.tenant = q.tenant;

  select array_agg(v.cmd), max(v.pos) into done, last_pos from unnest(verdicts) v where v.outcome = 'appended';
  if done is not null then
    if groups is not null then
      perform kernel.write_rows(groups, done);
    end if;
    perform pg_notify('kernel_events', last_pos::text);
  end if;
  return query select * from unnest(verdicts);
end $$;
-- The plan of a statement inside a function lives as long as the connection. Made while the tables are empty it would
-- read them whole for ever after; look-ups here go through keys.
alter function kernel.append set enable_seqscan = off;
alter function kernel.append set enable_mergejoin = off;

revoke all on function kernel.append, kernel.load, kernel.read_tenant, kernel.write_rows(json, integer[]) from public;
grant execute on function kernel.append, kernel.load, kernel.read_tenant, kernel.write_rows(json, integer[]) to "{app}";
