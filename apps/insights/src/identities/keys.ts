import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { readInBatches } from '../privilege/index.ts';
import { correlationRules } from './rules/index.ts';
import type { Candidate, Key, Matching } from './rules/rule.ts';

const sides = ['left', 'right', 'both'] as const satisfies readonly Key['side'][];
export const sideOf = (number: number): Key['side'] => sides[number] ?? 'both';

/** More accounts than this with one key: the key is shared, and identifies nobody. */
export const mostHolders = 50;

/** Fills `correlating_keys` with what every rule knows every account by. */
export const writeKeys = async (tx: Sql, matching: Matching, signal: AbortSignal): Promise<void> => {
  await sql`create temp table correlating_keys (
    rule smallint not null, key text collate "C" not null, side smallint not null, n int not null, value text
  ) on commit drop`.execute(tx);
  const candidates = sql<Candidate & { n: number }>`
    select n, connection_id::text as connection, connector, id, type, login, display_name as "displayName", email,
      emails, employee_id as "employeeId", external_ids as "externalIds"
    from correlating order by n`;
  for await (const batch of readInBatches(tx, candidates, { size: 5_000, signal })) {
    await insertKeys(tx, batch, matching);
  }
  await sql`analyze correlating_keys`.execute(tx);
};

const insertKeys = async (tx: Sql, batch: readonly (Candidate & { n: number })[], matching: Matching) => {
  const rules: number[] = [];
  const keys: string[] = [];
  const ofSides: number[] = [];
  const numbers: number[] = [];
  const values: (string | null)[] = [];
  for (const candidate of batch) {
    for (const [index, rule] of correlationRules.entries()) {
      for (const { side, key, value } of rule.keys(candidate, matching)) {
        rules.push(index);
        keys.push(key.slice(0, 500));
        ofSides.push(sides.indexOf(side));
        numbers.push(candidate.n);
        values.push(value === key ? null : value.slice(0, 500));
      }
    }
  }
  await sql`insert into correlating_keys (rule, key, side, n, value)
    select * from unnest(${rules}::smallint[], ${keys}::text[], ${ofSides}::smallint[], ${numbers}::int[], ${values}::text[])`.execute(
    tx,
  );
};

export interface KeyHolder {
  readonly rule: number;
  readonly key: string;
  readonly side: number;
  readonly n: number;
  readonly value: string;
}

/** Everybody who shares a key with somebody, rule by rule and key by key. A key's holders are never cut in two. */
export async function* sharedKeys(tx: Sql, signal: AbortSignal): AsyncGenerator<readonly KeyHolder[]> {
  const shared = sql<KeyHolder>`
    with shared as (
      select rule, key from correlating_keys group by rule, key
      having count(*) between 2 and ${mostHolders}
        and (bool_or(side = 2) or (bool_or(side = 0) and bool_or(side = 1)))
    )
    select k.rule, k.key, k.side, k.n, coalesce(k.value, k.key) as value
    from correlating_keys k join shared using (rule, key)
    order by k.rule, k.key, k.n`;
  let holders: KeyHolder[] = [];
  for await (const batch of readInBatches(tx, shared, { size: 10_000, signal })) {
    for (const holder of batch) {
      const [first] = holders;
      if (first && (first.rule !== holder.rule || first.key !== holder.key)) {
        yield holders;
        holders = [];
      }
      holders.push(holder);
    }
  }
  if (holders.length > 0) yield holders;
}
