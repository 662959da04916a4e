import { testDatabase } from '@gatehouse/database/testing';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { test } from 'vitest';
import { countInventory } from '../../dashboard/index.ts';
import { evaluate } from '../../findings/evaluate.ts';
import { correlate } from '../../identities/correlate.ts';
import { summarise } from '../../identities/summarise.ts';
import { derive } from '../../privilege/derive.ts';
import { giveTime } from '../../privilege/index.ts';
import { rules } from '../registry.ts';
import { streamsOf, testCatalogue } from './catalogue.ts';
import { worldMigrations } from './world.ts';

test('speed', { timeout: 1_200_000 }, async () => {
  const t = await testDatabase({ migrations: worldMigrations, poolSize: 2 });
  const db = t.database;
  const tenantId = newId<TenantId>();
  const okta = crypto.randomUUID(),
    github = crypto.randomUUID();
  const N = Number(process.env.N ?? 200_000),
    M = N * 5;
  console.time('fill');
  await sql`drop index accounts_words`.execute(db.owner);
  await db.system(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx);
    await sql`insert into tenants (tenant_id, name, owned_domains) values (${tenantId}, 'x', array['acme.example'])`.execute(
      tx,
    );
    for (const [id, c] of [
      [okta, 'okta'],
      [github, 'github'],
    ] as const) {
      await sql`insert into connections (tenant_id, connection_id, connector, name, point, settings, created_at, changed_at, last_activity_at) values (${tenantId}, ${id}, ${c}, ${c}, 'x', '{}', now(), now(), now())`.execute(
        tx,
      );
      for (const s of streamsOf(c))
        await sql`insert into stream_states (tenant_id, connection_id, stream, full_read_at, last_read_at) values (${tenantId}, ${id}, ${s}, now(), now())`.execute(
          tx,
        );
    }
    await sql`insert into accounts (tenant_id, connection_id, stream, id, seq, hash, raw, type, login, display_name, email, emails, status, created_at, last_login_at, employee_id, department, external_ids, first_seen_at)
      select ${tenantId}::uuid, ${okta}::uuid, 'users', '00u' || n, n, '', '{}', 'user', 'user' || n || '@acme.example', 'First' || n || ' Last' || (n % 5000), 'user' || n || '@acme.example', array['user' || n || '@acme.example'], 'enabled', now() - interval '400 days', now() - make_interval(days => n % 200), n::text, 'Dept ' || (n % 50), array['okta:00u' || n], now() - interval '1 day' from generate_series(1, ${N * 0.75}::int) n`.execute(
      tx,
    );
    await sql`insert into accounts (tenant_id, connection_id, stream, id, seq, hash, raw, type, login, display_name, email, status, mfa, external_ids, first_seen_at)
      select ${tenantId}::uuid, ${github}::uuid, 'members', n::text, 10000000 + n, '', '{}', 'user', 'gh' || n, 'First' || n || ' Last' || (n % 5000), case when n % 2 = 0 then 'user' || n || '@acme.example' end, 'enabled', case when n % 50 = 0 then 'none' else 'strong' end, case when n % 3 = 0 then array['saml-nameid:user' || n || '@acme.example'] else '{}' end, now() from generate_series(1, ${N * 0.25}::int) n`.execute(
      tx,
    );
    await sql`insert into groups (tenant_id, connection_id, stream, id, seq, hash, raw, type, name) select ${tenantId}::uuid, ${okta}::uuid, 'groups', 'g' || n, n, '', '{}', 'group', 'Group ' || n from generate_series(1, ${N / 10}::int) n`.execute(
      tx,
    );
    await sql`insert into memberships (tenant_id, connection_id, stream, id, seq, hash, raw, group_id, member_kind, member_id, via)
      select ${tenantId}::uuid, ${okta}::uuid, 'memberships', 'g' || (n % ${N / 10}::int) || '/00u' || (n % ${N * 0.75}::int) || '/' || n, n, '', '{}', 'g' || (n % ${N / 10}::int), 'account', '00u' || (n % ${N * 0.75}::int), 'direct' from generate_series(1, ${M}::int) n`.execute(
      tx,
    );
    await sql`insert into roles (tenant_id, connection_id, stream, id, seq, hash, raw, type, name, privilege) values (${tenantId}, ${okta}, 'roles', 'SUPER_ADMIN', 1, '', '{}', 'builtin_role', 'Super', 'highest'), (${tenantId}, ${okta}, 'roles', 'HELP_DESK_ADMIN', 2, '', '{}', 'builtin_role', 'Help', 'moderate'), (${tenantId}, ${okta}, 'roles', 'app_assignment', 3, '', '{}', 'app_assignment', 'App', 'low'), (${tenantId}, ${okta}, 'roles', 'READ_ONLY_ADMIN', 4, '', '{}', 'builtin_role', 'RO', 'low')`.execute(
      tx,
    );
    await sql`insert into grants (tenant_id, connection_id, stream, id, seq, hash, raw, principal_kind, principal_id, role_id, privilege, via, state)
      select ${tenantId}::uuid, ${okta}::uuid, 'app-assignments', 'a' || n, n, ''::bytea, '{}'::jsonb, 'account', '00u' || (n % ${N * 0.75}::int), 'app_assignment', 'low', 'direct', 'active' from generate_series(1, ${N * 2}::int) n
      union all select ${tenantId}::uuid, ${okta}::uuid, 'role-assignments', 'r' || n, 5000000 + n, ''::bytea, '{}'::jsonb, 'account', '00u' || (n * 7), (array['SUPER_ADMIN','HELP_DESK_ADMIN','READ_ONLY_ADMIN'])[n % 3 + 1], null::text, 'direct', 'active' from generate_series(1, 600) n
      union all select ${tenantId}::uuid, ${okta}::uuid, 'role-assignments', 'rg' || n, 6000000 + n, ''::bytea, '{}'::jsonb, 'group', 'g' || n, 'HELP_DESK_ADMIN', null::text, 'direct', 'active' from generate_series(1, 30) n
      union all select ${tenantId}::uuid, ${github}::uuid, 'collaborators', 'c' || n, 7000000 + n, ''::bytea, '{}'::jsonb, 'account', (n % ${N * 0.25}::int)::text, 'repository-role:write', 'moderate', 'direct', 'active' from generate_series(1, ${N}::int) n
      union all select ${tenantId}::uuid, ${github}::uuid, 'organization-grants', 'o' || n, 9000000 + n, ''::bytea, '{}'::jsonb, 'account', n::text, 'organization-role:owner', 'highest', 'direct', 'active' from generate_series(1, 100) n`.execute(
      tx,
    );
    await sql`insert into factors (tenant_id, connection_id, stream, id, seq, hash, raw, account_id, type, strength, status) select ${tenantId}::uuid, ${okta}::uuid, 'factors', 'f' || n, n, '', '{}', '00u' || n, 'push', (array['weak','strong','phishing_resistant'])[n % 3 + 1], 'active' from generate_series(1, ${N * 0.7}::int) n`.execute(
      tx,
    );
    await sql`insert into resources (tenant_id, connection_id, stream, id, seq, hash, raw, type, name, status, attributes) select ${tenantId}::uuid, ${github}::uuid, 'repositories', 'repo' || n, n, '', '{}', 'repository', 'acme/r' || n, 'enabled', jsonb_build_object('secretScanning', n % 2 = 0, 'secretScanningPushProtection', false) from generate_series(1, 5000) n`.execute(
      tx,
    );
    await sql`insert into policies (tenant_id, connection_id, stream, id, seq, hash, raw, type, name, targets, settings) select ${tenantId}::uuid, ${github}::uuid, 'branch-protection', 'b' || n, n, '', '{}', 'branch_protection', 'acme/r' || n, array['repo' || n], jsonb_build_object('protected', n % 3 = 0, 'classic', true, 'enforceAdmins', false, 'pullRequestRequired', true, 'requiredApprovals', 1) from generate_series(1, 5000) n`.execute(
      tx,
    );
  });
  await sql`vacuum analyze`.execute(db.owner);
  console.timeEnd('fill');
  const signal = new AbortController().signal;
  const step = async (name: string, work: (tx: Parameters<Parameters<typeof db.tenant>[1]>[0]) => Promise<unknown>) => {
    const begun = performance.now();
    const before = process.memoryUsage().rss;
    const result = await db.tenant(tenantId, async (tx) => {
      await giveTime(tx);
      return work(tx);
    });
    console.log(
      name,
      ((performance.now() - begun) / 1000).toFixed(1),
      's',
      JSON.stringify(result)?.slice(0, 120),
      'rss',
      Math.round(before / 1e6),
      Math.round(process.memoryUsage().rss / 1e6),
    );
  };
  for (const round of ['first', 'second']) {
    const now = new Date();
    await step(`${round} correlate`, (tx) => correlate(tx, { tenantId, now, signal }));
    await step(`${round} derive`, (tx) => derive(tx, { tenantId, now, signal, catalogue: testCatalogue }));
    await step(`${round} summarise`, (tx) => summarise(tx, { tenantId, now }));
    const times: [string, number][] = [];
    await step(`${round} rules`, async (tx) => {
      const r = await evaluate(tx, {
        tenantId,
        rules,
        catalogue: testCatalogue,
        thresholds: { now, dormantDays: 60, maximumSuperAdmins: 5 },
        signal,
      });
      return [r.opened.length, r.resolved.length];
    });
    await step(`${round} dashboard`, (tx) =>
      countInventory(tx, tenantId, { now, dormantDays: 60, maximumSuperAdmins: 5 }),
    );
    void times;
  }
  for (const rule of rules) {
    const begun = performance.now();
    try {
      await db.tenant(tenantId, (tx) =>
        evaluate(tx, {
          tenantId,
          rules: [rule],
          catalogue: testCatalogue,
          thresholds: { now: new Date(), dormantDays: 60, maximumSuperAdmins: 5 },
          signal,
        }).then(() => {
          throw new Error('back');
        }),
      );
    } catch (e) {
      if (!(e instanceof Error) || e.message !== 'back') throw e;
    }
    const s = (performance.now() - begun) / 1000;
    if (s > 1) console.log('slow', rule.id, s.toFixed(1));
  }
  await t.close();
});
