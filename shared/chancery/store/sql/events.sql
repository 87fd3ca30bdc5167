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

-- The statement that writes a group of rows of one shape. It goes to the logical name, a view, so that the table behind it
-- can be exchanged.
create function kernel.row_writer(of_table text, op text, columns text[], changes text[], key text[]) returns text
language sql immutable as $$
  select case op
    when 'upsert' then format('insert into public.%1$I (%2$s) select %2$s from json_populate_recordset(null::public.%1$I, $1) '
      'on conflict (%3$s) do %4$s', of_table,
      (select string_agg(quote_ident(c), ', ') from unnest(columns) c),
      (select string_agg(quote_ident(c), ', ') from unnest(key) c),
      coalesce((select 'update set ' || string_agg(format('%1$I = excluded.%1$I', c), ', ') from unnest(changes) c), 'nothing'))
    when 'patch' then format('update public.%1$I t set %2$s from json_populate_recordset(null::public.%1$I, $1) r where %3$s',
      of_table,
      (select string_agg(format('%1$I = r.%1$I', c), ', ') from unnest(changes) c),
      (select string_agg(format('t.%1$I = r.%1$I', c), ' and ') from unnest(key) c))
    when 'erase' then format('delete from public.%1$I t using json_populate_recordset(null::public.%1$I, $1) r where %2$s',
      of_table,
      (select string_agg(format('t.%1$I = r.%1$I', c), ' and ') from unnest(key) c))
  end
$$;

-- Rows of read models, set-based. A group is {{"table", "op", "columns", "changes", "key", "commands", "rows"}}: columns
-- are those of key and change together, commands holds for each row the index of its command. Within a group no key comes
-- twice, so each group is one statement. The statement of a shape (table, operation, columns, key) is prepared once a
-- session: planning it costs more than a handful of rows.
create function kernel.write_group(shape text, spec json, rows text) returns void language plpgsql as $$
declare
  -- A list beside pg_prepared_statements, which is slow to ask. Undone by a rollback, as the statements are not: then that is asked.
  prepared text := coalesce(current_setting('chancery.prepared', true), '');
  statement text;
begin
  if strpos(prepared, shape) = 0 then
    if not exists (select from pg_prepared_statements s where s.name = shape) then
      select kernel.row_writer(x."table", x.op, x.columns, x.changes, x.key) into statement
      from json_to_record(spec) as x("table" text, op text, columns text[], changes text[], key text[]);
      execute format('prepare %I (json) as %s', shape, statement);
    end if;
    perform set_config('chancery.prepared', prepared || ' ' || shape, false);
  end if;
  execute format('execute %I (%L)', shape, rows);
end $$;

-- The rows of a group whose commands are among ``done``; null where there are none.
create function kernel.rows_of(spec json, rows text, done integer[]) returns text language sql immutable as $$
  select json_agg(r.value order by r.at)::text from json_array_elements(rows::json) with ordinality r(value, at)
  where (spec -> 'commands' ->> (r.at - 1)::integer)::integer = any (done)
$$;

-- Groups in one piece; of commands that are not among ``done`` nothing is written (null: all is).
create function kernel.write_rows(groups json, done integer[] default null) returns void language plpgsql as $$
declare
  g record;
begin
  for g in
    select 'rows_' || md5(concat_ws(' ', quote_ident(x."table"), x.op, x.columns::text, x.key::text)) as shape,
      json_build_object('table', x."table", 'op', x.op, 'columns', x.columns, 'changes', x.changes, 'key', x.key,
        'commands', x.commands) as spec,
      x.rows::text as rows
    from json_to_recordset(groups) as x("table" text, op text, columns text[], changes text[], key text[], commands json, rows json)
  loop
    if done is not null then
      g.rows := kernel.rows_of(g.spec, g.rows, done);
      continue when g.rows is null;
    end if;
    perform kernel.write_group(g.shape, g.spec, g.rows);
  end loop;
end $$;
-- Rows are found through keys, always. A plan lives as long as its session, and one made while a table is small would
-- read all rows of a tenant for ever after.
alter function kernel.write_group
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_material = off
  set enable_mergejoin = off set enable_hashjoin = off;

create type kernel.verdict as (
  cmd integer, outcome text, version integer, pos bigint, answer text, fingerprint bytea);

-- Many commands in one turn. c_*: one element per command, c_last being how many events they have up to there; e_*: one per event, in the order of their commands, e_cmd
-- being the index (from 1) of its command; g_*: one per group of rows, g_spec being all
-- of it but the rows; p_*: the versions of the projections they belong to. One verdict per command: appended, repeated (with the first answer), or conflict (with the version its
-- tenant sees; another tenant's stream is none of its business and looks like one that does not exist, yet cannot be
-- begun). Where all were appended, which is nearly always, one verdict stands for all: cmd 0, outcome 'all', and as pos the
-- position after which theirs begin. Of one stream, and under one command id, only one command comes in a batch; the
-- caller sees to that.
--
-- The arrays are read by index and not unnested side by side: a third of the time of a large batch.
create function kernel.append(
  c_tenant text[], c_id uuid[], c_stream uuid[], c_expected integer[], c_count integer[], c_last integer[],
  c_fingerprint bytea[], c_answer json[],
  e_cmd integer[], e_version integer[], e_type text[], e_schema smallint[], e_body json[], e_meta json[],
  e_business timestamptz[], e_leaf bytea[],
  g_shape text[], g_spec json[], g_rows text[], p_name text[], p_version integer[])
returns setof kernel.verdict language plpgsql as $$
declare
  commands constant integer := cardinality(c_id);
  events constant integer := cardinality(e_cmd);
  p bigint; instant timestamptz; found integer := 0; whole boolean := true; served integer;
  ok integer[]; taken integer[]; new_streams bigint; begun bigint := 0; n integer; rows text;
begin
  if c_tenant[1] = all (c_tenant) then
    perform set_config('chancery.tenants', array[c_tenant[1]]::text, true);
  else
    perform set_config('chancery.tenants', array(select distinct unnest(c_tenant))::text, true);
  end if;
  -- From here to the commit this lane is ours: what is read stays true, positions are given in commit order, and no
  -- projection is exchanged meanwhile.
  perform pg_advisory_xact_lock(7411, 0);
  for n in 1 .. cardinality(p_name) loop
    select version into served from kernel.projection where name = p_name[n];
    if served is distinct from p_version[n] then
      raise exception 'outdated process: %: this process writes version %, the tables are at %',
        p_name[n], p_version[n], coalesce(served::text, 'none') using errcode = 'CH001';
    end if;
  end loop;
  p := kernel.last_position();
  instant := clock_timestamp();

  -- In good faith: every command is new and saw the present version. The keys of the tables and the versions of the heads
  -- say where one is not; then all of it is undone and done with care.
  begin
    if 0 = any (c_expected) then
      insert into kernel.head (stream, tenant, version)
      select c_stream[i], c_tenant[i], c_count[i] from generate_series(1, commands) i where c_expected[i] = 0;
      get diagnostics found = row_count;
    end if;
    if found < commands then
      update kernel.head h set version = c_expected[i] + c_count[i]
      from generate_series(1, commands) i
      where c_expected[i] > 0 and h.stream = c_stream[i] and h.tenant = c_tenant[i] and h.version = c_expected[i];
      get diagnostics n = row_count;
      found := found + n;
    end if;
    if found < commands then
      raise exception using errcode = 'CH002';
    end if;
    insert into kernel.command (tenant, command_id, fingerprint, stream, last_version, last_pos, answer, at)
    select c_tenant[i], c_id[i], c_fingerprint[i], c_stream[i], c_expected[i] + c_count[i],
      p + c_last[i], c_answer[i], instant
    from generate_series(1, commands) i;
    insert into kernel.event
      (pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf)
    select p + o, c_tenant[e_cmd[o]], c_stream[e_cmd[o]], e_version[o], e_type[o], e_schema[o], e_body[o], e_meta[o],
      e_business[o], instant, c_id[e_cmd[o]], e_leaf[o]
    from generate_series(1, events) o;
    for n in 1 .. cardinality(g_shape) loop
      perform kernel.write_group(g_shape[n], g_spec[n], g_rows[n]);
    end loop;
  exception when unique_violation or sqlstate 'CH002' then
    whole := false;
  end;
  if whole then
    perform pg_notify('kernel_events', (p + events)::text);
    return next (0, 'all', 0, p, null, null)::kernel.verdict;
    return;
  end if;

  -- ok: the commands that are new and saw the present version.
  select array_agg(i order by i), count(*) filter (where c_expected[i] = 0) into ok, new_streams
  from generate_series(1, commands) i
  left join kernel.command k on k.tenant = c_tenant[i] and k.command_id = c_id[i]
  left join kernel.head h on h.stream = c_stream[i] and h.tenant = c_tenant[i]
  where k.command_id is null and coalesce(h.version, 0) = c_expected[i];

  if new_streams > 0 then
    insert into kernel.head (stream, tenant, version)
    select c_stream[i], c_tenant[i], c_count[i] from unnest(ok) i where c_expected[i] = 0
    on conflict do nothing;
    get diagnostics begun = row_count;
    if begun < new_streams then
      select array_agg(i order by i) into ok
      from unnest(ok) i join kernel.head h on h.stream = c_stream[i] and h.tenant = c_tenant[i];
    end if;
  end if;

  if ok is not null then
    update kernel.head h set version = c_expected[i] + c_count[i]
    from unnest(ok) i where c_expected[i] > 0 and h.stream = c_stream[i] and h.tenant = c_tenant[i];

    taken := array(select o from generate_series(1, events) o where e_cmd[o] = any (ok));
    insert into kernel.event
      (pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf)
    select p + u.n, c_tenant[e_cmd[o]], c_stream[e_cmd[o]], e_version[o], e_type[o], e_schema[o], e_body[o], e_meta[o],
      e_business[o], instant, c_id[e_cmd[o]], e_leaf[o]
    from unnest(taken) with ordinality u(o, n);

    insert into kernel.command (tenant, command_id, fingerprint, stream, last_version, last_pos, answer, at)
    select c_tenant[i], c_id[i], c_fingerprint[i], c_stream[i], c_expected[i] + c_count[i],
      p + sum(c_count[i]) over (order by u.n), c_answer[i], instant
    from unnest(ok) with ordinality u(i, n);

    for n in 1 .. cardinality(g_shape) loop
      rows := kernel.rows_of(g_spec[n], g_rows[n], ok);
      if rows is not null then
        perform kernel.write_group(g_shape[n], g_spec[n], rows);
      end if;
    end loop;
    perform pg_notify('kernel_events', (p + cardinality(taken))::text);
  end if;

  return query
    select i, case when i = any (ok) then 'appended' when k.command_id is null then 'conflict' else 'repeated' end,
      coalesce(k.last_version, h.version, 0), coalesce(k.last_pos, 0),
      case when i = any (ok) then null else k.answer::text end, k.fingerprint
    from generate_series(1, commands) i
    left join kernel.command k on k.tenant = c_tenant[i] and k.command_id = c_id[i]
    left join kernel.head h on h.stream = c_stream[i] and h.tenant = c_tenant[i]
    order by i;
end $$;
-- One plan for the life of the connection, and one that reads through keys: planned for each batch it would cost more
-- than the batch itself.
alter function kernel.append
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_material = off
  set enable_mergejoin = off set enable_hashjoin = off;

revoke all on function kernel.append, kernel.load, kernel.read_tenant, kernel.row_writer, kernel.write_group,
  kernel.rows_of, kernel.write_rows from public;
grant execute on function kernel.append, kernel.load, kernel.read_tenant, kernel.row_writer, kernel.write_group,
  kernel.rows_of, kernel.write_rows to "{app}";
