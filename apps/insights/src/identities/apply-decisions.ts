import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { FoundStore } from './links.ts';
import type { Identities } from './union.ts';

interface Named {
  readonly decision: string;
  readonly kind: 'merge' | 'split';
  readonly part: number;
  readonly n: number;
}

/**
 * Puts the standing decisions of people before every rule. Where two speak of the same two accounts, the later holds.
 * Accounts that are gone are left out, and obey again when they return.
 */
export const applyDecisions = async (
  tx: Sql,
  identities: Identities,
  linked: Uint8Array,
  found: FoundStore,
): Promise<void> => {
  const { rows } = await sql<Named>`
    select d.decision_id::text as decision, d.kind, o.part, a.n
    from decisions d
      join decision_accounts o on o.tenant_id = d.tenant_id and o.decision_id = d.decision_id
      join correlating a on a.connection_id = o.connection_id and a.stream = o.stream and a.id = o.id
    where d.undone_at is null
    order by d.decided_at, d.decision_id, o.part, a.n`.execute(tx);
  const pairs = new Map<string, { a: number; b: number; together: boolean; decision: string }>();
  for (const accounts of Map.groupBy(rows, (row) => row.decision).values()) {
    for (const [index, one] of accounts.entries()) {
      for (const other of accounts.slice(index + 1)) {
        // A split says nothing about what stayed behind: the rules decide about that.
        if (one.kind === 'split' && one.part === 1 && other.part === 1) continue;
        const together = one.part === other.part;
        const [a, b] = one.n < other.n ? [one.n, other.n] : [other.n, one.n];
        pairs.set(`${a} ${b}`, { a, b, together, decision: one.decision });
      }
    }
  }
  for (const { a, b, together } of pairs.values()) if (!together) identities.keepApart(a, b);
  for (const { a, b, together, decision } of pairs.values()) {
    if (!together || identities.find(a) === identities.find(b) || identities.join(a, b, true) !== null) continue;
    for (const [own, of] of [
      [a, b],
      [b, a],
    ] as const) {
      if (linked[own] === 1) continue;
      linked[own] = 1;
      await found.add({
        what: 'link',
        n: own,
        other: of,
        rule: 'manual',
        confidence: 1,
        own: 'decided',
        others: 'decided',
        decision,
      });
    }
  }
};
