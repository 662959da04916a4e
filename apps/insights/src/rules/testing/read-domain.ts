import { type RecordKind, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { connectors } from '@gatehouse/connectors';
import type { Database } from '@gatehouse/database';
import { createHost } from '@gatehouse/host';
import { sql } from 'kysely';
import { evaluate } from '../../findings/evaluate.ts';
import { readThresholds } from '../../findings/thresholds.ts';
import { correlate } from '../../identities/correlate.ts';
import { derive, toCatalogue } from '../../privilege/index.ts';
import { rules } from '../registry.ts';
import { newOrg, type Place } from './world.ts';

const plugin = 'active-directory';
const catalogue = toCatalogue(connectors);
const one: Readonly<Record<RecordKind, keyof Place>> = {
  ...{ accounts: 'account', groups: 'group', memberships: 'membership', roles: 'role', grants: 'grant' },
  ...{ resources: 'resource', credentials: 'credential', factors: 'factor', policies: 'policy', events: 'event' },
};

/** Settings of the connector for Active Directory. */
export type DomainSettings = Readonly<
  Record<'controllers' | 'bindName' | 'password' | 'certificateAuthorities', string | undefined>
>;

/** What was found in a domain. */
export interface JudgedDomain {
  /** What the evidence of all findings says, by the rule, each finding after its subject. */
  readonly found: ReadonlyMap<string, string>;
  /** True Privilege by login, 0 none to 4 highest; null: undetermined. */
  readonly truePrivilege: ReadonlyMap<string, number | null>;
  /** The way of an account to what it does not hold, by login, with what proves its last step; of most accounts there is none. */
  readonly ways: ReadonlyMap<string, string>;
}

/** Reads a domain with the connector, and runs every rule on it in a tenant of its own. */
export const judgeDomain = async (database: Database, settings: DomainSettings, now: Date): Promise<JudgedDomain> => {
  const org = newOrg((connector) =>
    (catalogue.get(connector) ?? []).map(({ stream }) => stream).filter((stream) => stream.startsWith(plugin)),
  );
  await readInto(org.directory, settings);
  await org.store(database);
  const [signal, { tenantId }] = [new AbortController().signal, org];
  return database.tenant(tenantId, async (tx) => {
    await correlate(tx, { tenantId, now, signal });
    await derive(tx, { tenantId, now, signal, catalogue });
    await evaluate(tx, { tenantId, rules, catalogue, thresholds: await readThresholds(tx, now), signal });
    const found = await sql<{ rule: string; said: string }>`
      select rule_id as rule, string_agg(subject_label || ': ' || said, E'\\n' order by subject_label, said) as said
      from findings cross join lateral (select string_agg(fact->>'value', ' ') as said from jsonb_array_elements(evidence) fact) facts
      group by rule_id`.execute(tx);
    const accounts = await sql<{ login: string; level: number | null }>`
      select coalesce(login, id) as login, true_privilege as level from accounts`.execute(tx);
    const ways = await sql<{ login: string; said: string }>`
      select a.login, (
        select string_agg((step->'from'->>'label') || ' ' || (step->>'title') || ' ' || (step->'to'->>'label'), ', which ' order by place)
          from jsonb_array_elements(p.steps) with ordinality walked (step, place))
        || ': ' || (select string_agg(fact->>'value', '; ' order by place) from jsonb_array_elements(p.steps->-1->'proof') with ordinality facts (fact, place)) as said
      from privilege_paths p join accounts a on a.connection_id = p.connection_id and a.stream = p.stream and a.id = p.id`.execute(
      tx,
    );
    return {
      ways: new Map(ways.rows.map(({ login, said }) => [login, said])),
      found: new Map(found.rows.map(({ rule, said }) => [rule, said])),
      truePrivilege: new Map(accounts.rows.map(({ login, level }) => [login, level])),
    };
  });
};

const readInto = async (place: Place, settings: DomainSettings): Promise<void> => {
  const connector = connectors.find(({ id }) => id === plugin);
  if (!connector) throw new Error(`there is no connector ${plugin}`);
  const store = createMemoryStore();
  const host = createHost({ signal: new AbortController().signal });
  const { streams } = await runStreams({ connector, store, host, settings });
  for (const { stream, state } of streams) {
    const name = `${plugin}-${stream}`;
    if (state !== 'done') place.unreadable(name);
    const add = place[one[connector.streams[stream]?.record ?? 'events']];
    for (const { id, ...columns } of store.records(stream).values())
      if (typeof add === 'function') (add as (id: string, columns: object) => string)(id, { ...columns, stream: name });
  }
};
