import { createHmac, type KeyObject } from 'node:crypto';
import type { Json } from '@gatehouse/kernel';
import { type EventName, events } from '../api/events.ts';

/** Who does something, and how it came in. One correlation id leads from a request to its rotation. */
export interface Author {
  /** `NS\sarcher`, `Ada Lovelace <ada@example.com>`, `system`. */
  readonly name: string;
  /** Who acts in that name; null where nobody does. */
  readonly impersonator: string | null;
  /** From where; null for what the vault does by itself. */
  readonly address: string | null;
  readonly through: 'pages' | 'sdk' | 'command line' | 'vault';
  readonly correlationId: string;
}

export interface EntryInput {
  readonly event: EventName;
  readonly target: string;
  /** What happened, in the words that parsers know: `checked-out password for (HOST)'DOMAIN\account'`. */
  readonly message: string;
  readonly succeeded?: boolean;
  /** Never a secret. */
  readonly arguments?: { readonly [name: string]: Json };
}

/** An entry as it is kept. */
export interface Entry {
  readonly seq: number;
  readonly at: Date;
  readonly event: string;
  readonly eventId: number;
  readonly succeeded: boolean;
  readonly actor: string;
  readonly impersonator: string | null;
  readonly address: string | null;
  readonly through: string;
  readonly target: string;
  readonly message: string;
  readonly arguments: { readonly [name: string]: Json };
  readonly correlationId: string;
}

export const toEntry = (seq: number, at: Date, by: Author, input: EntryInput): Entry => ({
  ...{ seq, at, event: input.event, eventId: events[input.event], succeeded: input.succeeded ?? true },
  ...{ actor: by.name.slice(0, 300), impersonator: by.impersonator?.slice(0, 300) ?? null },
  ...{ address: by.address, through: by.through, target: input.target.slice(0, 500) },
  ...{ message: input.message.slice(0, 2_000), arguments: input.arguments ?? {}, correlationId: by.correlationId },
});

/**
 * HMAC-SHA256 over the hash before it and the entry as JSON with its members in the order of their names. Whoever may
 * write the database but has not the key can neither change an entry nor make up one.
 */
export const hashOf = (key: KeyObject, before: Buffer, entry: Entry): Buffer =>
  createHmac('sha256', key)
    .update(before)
    .update(JSON.stringify(sorted({ ...entry, at: entry.at.toISOString() })))
    .digest();

export const firstHash = Buffer.alloc(32);

/** PostgreSQL keeps members of jsonb in an order of its own. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
};
