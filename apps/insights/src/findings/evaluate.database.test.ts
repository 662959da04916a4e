import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRule, type Rule } from '../rules/index.ts';
import { streamsOf, testCatalogue } from '../rules/testing/catalogue.ts';
import { newOrg, now, type Org, openWorld } from '../rules/testing/world.ts';
import { evaluate } from './evaluate.ts';
import { findFinding } from './find-finding.ts';
import { listRecommendations } from './list-recommendations.ts';
import { readThresholds } from './thresholds.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const pick = (id: string): Rule => {
  const rule = findRule(id);
  if (!rule) throw new Error(id);
  return rule;
};
const rules = [pick('owner-without-2fa')];

const open = async (fill: (org: Org) => void) => {
  const org = newOrg(streamsOf);
  fill(org);
  await org.store(world.database);
  const signal = new AbortController().signal;
  return {
    tenantId: org.tenantId,
    run: (at: Date, some: readonly Rule[] = rules) =>
      world.database.tenant(org.tenantId, async (tx) =>
        evaluate(tx, {
          tenantId: org.tenantId,
          rules: some,
          catalogue: testCatalogue,
          thresholds: await readThresholds(tx, at),
          signal,
        }),
      ),
    system: (statement: string) =>
      world.database.system((tx) => sql.raw(`${statement}`.replaceAll('$tenant', `'${org.tenantId}'`)).execute(tx)),
    findings: () =>
      world.database.tenant(
        org.tenantId,
        async (tx) =>
          (
            await sql<{
              id: string;
              finding: string;
              status: string;
            }>`select subject_id as id, finding_id::text as finding, status from findings order by 1`.execute(tx)
          ).rows,
      ),
    notes: () =>
      world.database.tenant(org.tenantId, async (tx) =>
        (await sql<{ text: string }>`select text from finding_notes order by note_id`.execute(tx)).rows.map(
          ({ text }) => text,
        ),
      ),
    tenant: <T>(work: Parameters<typeof world.database.tenant<T>>[1]) => world.database.tenant(org.tenantId, work),
  };
};

const owner = ({ github }: Org) => {
  github.account('1', { stream: 'members', login: 'ada', mfa: 'none' });
  github.grant('g', { principalId: '1', roleId: 'organization-role:owner', privilege: 'highest' });
};

test('what is true opens once, and stays one finding however often it is seen', async () => {
  const org = await open(owner);
  expect((await org.run(now)).opened).toHaveLength(1);
  const [first] = await org.findings();
  expect((await org.run(later(1))).opened).toEqual([]);
  expect(await org.findings()).toEqual([first]);
});

test('what is no longer true is resolved, and says which fact ended', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update accounts set mfa = 'strong' where tenant_id = $tenant`);
  expect((await org.run(later(1))).resolved).toHaveLength(1);
  expect(await org.findings()).toMatchObject([{ status: 'resolved' }]);
  expect((await org.notes()).at(-1)).toBe(
    'Resolved: the fact is no longer true: Second factor was none; Role was Owner.',
  );
});

test('what is gone is resolved because it is gone', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update accounts set gone_at = now() where tenant_id = $tenant`);
  await org.run(later(1));
  expect((await org.notes()).at(-1)).toBe('Resolved: ada is gone.');
});

test('what is true again is the same finding, opened again', async () => {
  const org = await open(owner);
  await org.run(now);
  const [before] = await org.findings();
  await org.system(`update accounts set mfa = 'strong' where tenant_id = $tenant`);
  await org.run(later(1));
  await org.system(`update accounts set mfa = 'none' where tenant_id = $tenant`);
  expect((await org.run(later(2))).opened).toHaveLength(1);
  expect(await org.findings()).toEqual([before]);
});

test('a rule that goes blind resolves nothing, and is not clear', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update accounts set mfa = 'strong' where tenant_id = $tenant`);
  await org.system(
    `update stream_states set fault = '{"kind":"forbidden","advice":"Grant it."}' where tenant_id = $tenant and stream = 'members'`,
  );
  expect((await org.run(later(1))).resolved).toEqual([]);
  const states = await org.tenant(async (tx) => (await sql`select state, reason from rule_states`.execute(tx)).rows);
  expect(states).toEqual([
    { state: 'blind', reason: '“members” could not be read. It needs the permission for members. Grant it.' },
  ]);
});

test('a fact that becomes unknown resolves nothing', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update accounts set mfa = null where tenant_id = $tenant`);
  expect((await org.run(later(1))).resolved).toEqual([]);
  expect(await org.findings()).toMatchObject([{ status: 'new' }]);
  expect(await org.tenant(listRecommendations)).toContainEqual(
    expect.objectContaining({
      ruleId: 'owner-without-2fa',
      state: 'found',
      blind: [expect.objectContaining({ connectionName: 'Our github' })],
    }),
  );
});

test('an acceptance ends by itself, and the finding is new again', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update findings set status = 'accepted', owner = 'CISO', accepted_reason = 'Leaves in May',
    accepted_until = '${later(2).toISOString()}' where tenant_id = $tenant`);
  await org.run(later(1));
  expect(await org.findings()).toMatchObject([{ status: 'accepted' }]);
  await org.run(later(3));
  expect(await org.findings()).toMatchObject([{ status: 'new' }]);
  expect((await org.notes()).at(-1)).toBe('New again: the acceptance has ended.');
});

test('an acceptance outlives a fact that comes and goes', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update findings set status = 'accepted', owner = 'CISO', accepted_reason = 'Leaves in May',
    accepted_until = '${later(9).toISOString()}' where tenant_id = $tenant`);
  await org.system(`update accounts set mfa = 'strong' where tenant_id = $tenant`);
  await org.run(later(1));
  await org.system(`update accounts set mfa = 'none' where tenant_id = $tenant`);
  expect((await org.run(later(2))).opened).toEqual([]);
  expect(await org.findings()).toMatchObject([{ status: 'accepted' }]);
});

test('evidence says the fact, its value, when it was read and where it stands', async () => {
  const org = await open(owner);
  await org.run(now);
  const [found] = await org.findings();
  const detail = await org.tenant((tx) => findFinding(tx, found?.finding ?? ''));
  expect(detail?.evidence[0]).toEqual({
    fact: 'Second factor',
    value: 'none',
    readAt: expect.stringMatching(/^2026-03-01T09:36/),
    source: expect.objectContaining({ kind: 'accounts', id: '1', label: 'ada' }),
  });
  expect(detail?.history.map(({ text }) => text)).toEqual(['Found.']);
});

test('the highest privilege raises the severity one step, and none lowers it', async () => {
  const org = await open(({ okta }) => {
    const token = { type: 'api_token', status: 'active', attributes: { networkConnection: 'ANYWHERE' } } as const;
    for (const [n, truePrivilege] of [4, 3, 0, null].entries()) {
      okta.account(`a${n}`, { truePrivilege });
      okta.credential(`t${n}`, { ...token, ownerId: `a${n}` });
    }
  });
  await org.run(now, [pick('api-token-from-anywhere')]);
  const rows = await org.tenant(
    async (tx) => (await sql`select severity, sensitivity from findings order by subject_id`.execute(tx)).rows,
  );
  expect(rows).toEqual([
    { severity: 2, sensitivity: 'highest' },
    { severity: 1, sensitivity: 'high' },
    { severity: 0, sensitivity: 'none' },
    { severity: 1, sensitivity: 'undetermined' },
  ]);
});

test('findings of a deleted connection disappear with it', async () => {
  const org = await open(owner);
  await org.run(now);
  await org.system(`update connections set deleted_at = now() where tenant_id = $tenant`);
  await org.run(later(1));
  expect(await org.findings()).toEqual([]);
});

test('without a system of its kind a rule is blind, and says so', async () => {
  const org = await open(({ okta }) => void okta.account('ada'));
  await org.run(now);
  expect(await org.tenant(listRecommendations)).toContainEqual(
    expect.objectContaining({
      ruleId: 'owner-without-2fa',
      state: 'blind',
      blind: [{ connectionId: null, connectionName: 'Not connected', reason: 'No system of this kind is connected.' }],
    }),
  );
});
