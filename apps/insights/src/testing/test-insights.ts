import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import { newId, type PersonId, type TenantId } from '@gatehouse/kernel';
import type { Server, TenantRole } from '@gatehouse/server';
import { accept, ok, type TestClient, type TestProgram, testProgram } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { migrations } from '../migrations.ts';
import { type Insights, type InsightsOptions, startInsights } from '../start.ts';
import { acme, fakeAcme, goodToken, type Holding } from './acme.ts';

export interface TestInsights extends Omit<TestProgram<Insights>, 'program' | 'another' | 'signIn'> {
  readonly insights: Insights;
  readonly server: Server;
  tenant(name: string): Promise<TenantId>;
  person(
    tenantId: TenantId,
    role: TenantRole,
  ): Promise<TestClient & { readonly personId: PersonId; readonly email: string }>;
  /** Another copy of the program on the same database and key. */
  another(options?: Partial<InsightsOptions>): Promise<Insights>;
}

/** The whole program on a free port of loopback, with a database of its own. */
export const testInsights = async (options: Partial<InsightsOptions> = {}): Promise<TestInsights> => {
  const connectors: readonly AnyConnector[] = [acme];
  const start =
    (more: Partial<InsightsOptions> = {}) =>
    (given: Pick<InsightsOptions, 'databaseUrl' | 'home' | 'network'>) =>
      startInsights({ ...given, connectors, allowPrivateWebhooks: true, ...more });
  const running = await testProgram('insights', migrations, start(options));
  const { program: insights, url, operator } = running;
  const { server } = insights;
  if (!server) throw new Error('Tests start a copy that answers.');
  return {
    ...{ ...running, insights, server },
    tenant: async (name) => (await ok(operator.post('/api/tenants', { name }))).body.tenantId,
    person: async (tenantId, role) => {
      const email = `person-${newId()}@example.com`;
      const { person, link } = (await ok(operator.post(`/api/tenants/${tenantId}/people`, { email, role }))).body;
      return { ...(await accept(url, link)), email, personId: person.personId };
    },
    another: (more) => running.another(start(more)),
  };
};

/** A running Acme and the settings that connect it. */
export const runAcme = async (holds: Holding, gate?: (path: string) => Promise<void>) => {
  const fake = fakeAcme(holds, gate);
  const running = await fake.start();
  return {
    fake,
    holds,
    settings: { address: running.origin, token: goodToken },
    close: () => running.close(),
    [Symbol.asyncDispose]: () => running.close(),
  };
};

export const connect = async (
  client: TestClient,
  tenantId: string,
  settings: object,
  name = 'Acme',
): Promise<string> => {
  const answer = await client.post(`/api/tenants/${tenantId}/connections`, {
    ...{ connector: 'acme', name, settings: { ...settings } },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.connectionId;
};

/** Asks until the answer is what the caller waits for; a test that waits for nothing fails after twenty seconds. */
export const eventually = async <T>(ask: () => Promise<T | null | undefined | false>): Promise<T> => {
  const until = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > until) throw new Error('What the test waits for did not happen within twenty seconds.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** The newest run once it is over. */
export const runOver = (client: TestClient, tenantId: string, connectionId: string) =>
  eventually(async () => {
    const { body } = await client.get(`/api/tenants/${tenantId}/connections/${connectionId}/runs`);
    const [run] = body.items;
    return run && !['queued', 'running'].includes(run.state) ? run : null;
  });

/** Everything in the inventory that a read decides, for comparison: no times, no numbers of ours. */
export const inventoryOf = async (database: Database, tenantId: TenantId) =>
  database.tenant(tenantId, async (tx) => {
    const { rows } = await sql<{ row: unknown }>`
      select jsonb_build_array('account', stream, id, login, display_name, email, gone_at is not null) as row from accounts
      union all select jsonb_build_array('group', stream, id, name, parent_id, gone_at is not null) from groups
      union all select jsonb_build_array('membership', stream, id, group_id, member_id, gone_at is not null) from memberships
      union all select jsonb_build_array('role', stream, id, name, privilege, gone_at is not null) from roles
      union all select jsonb_build_array('grant', stream, id, principal_id, role_id, gone_at is not null) from grants
      order by 1`.execute(tx);
    return rows.map(({ row }) => row);
  });
