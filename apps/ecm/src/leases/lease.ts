import type { Endpoint, Lease } from '@gatehouse/vault-kit';
import { z } from 'zod';

/** `asked`: the vault may have handed it out. `held`: a session has it. `ending`: it has to be released. `ended`: it was. */
export type LeaseState = 'asked' | 'held' | 'ending' | 'ended';
export type Why = 'asked' | 'expired' | 'session-over';

/** What a session wants to lease. */
export interface Wanted {
  readonly id: string;
  readonly credential: string;
  readonly person: string;
  readonly endpoint: Endpoint;
  readonly reason: string;
  readonly ticket: string | null;
  readonly lifetimeMs: number;
  /** The same for the same credential, person, endpoint and session key alone. */
  readonly fingerprint: string;
  readonly correlation: string;
}

/** A lease as the book has it. */
export interface BookedLease extends Wanted {
  /** The plugin that was asked: no other one can release it. */
  readonly plugin: string;
  readonly openedAt: Date;
  state: LeaseState;
  why: Why | null;
  kept: string | null;
  /** The site has heard that it has ended. */
  isKnown: boolean;
  /** By this process's steady clock: when it ends by itself, and when an ended one may be forgotten. */
  endsAt: number;
  /** Made by the connection that is open now, so the site need not be asked whether its session still lives. */
  isFresh: boolean;
}

/** Lines of the journal. */
export const Line = z.discriminatedUnion('is', [
  z.object({
    ...{ is: z.literal('open'), id: z.string(), credential: z.string(), person: z.string() },
    endpoint: z.object({
      ...{ hostname: z.string(), address: z.string().nullable(), domain: z.string().nullable() },
      protocol: z.enum(['ssh', 'vnc', 'rdp', 'postgresql', 'mysql', 'mssql']).optional(),
    }),
    ...{ reason: z.string(), ticket: z.string().nullable(), lifetimeMs: z.number(), fingerprint: z.string() },
    ...{ correlation: z.string(), plugin: z.string(), openedAt: z.iso.datetime() },
  }),
  z.object({ is: z.literal('keep'), id: z.string(), kept: z.string() }),
  z.object({ is: z.literal('held'), id: z.string() }),
  z.object({ is: z.literal('ending'), id: z.string(), why: z.enum(['asked', 'expired', 'session-over']) }),
  z.object({ is: z.literal('ended'), id: z.string(), at: z.iso.datetime() }),
  z.object({ is: z.literal('known'), id: z.string() }),
]);
export type Line = z.output<typeof Line>;

/** As the plugin takes it. */
export const toLease = (booked: BookedLease): Lease => {
  const { id, credential, person, endpoint, reason, ticket, kept, openedAt, lifetimeMs } = booked;
  const expiresAt = new Date(openedAt.getTime() + lifetimeMs);
  return { id, credential, person, endpoint, reason, ticket, kept, expiresAt };
};

/** The lines that a lease is made of again. */
export const linesOf = (lease: BookedLease): readonly Line[] => {
  const { id, credential, person, endpoint, reason, ticket, lifetimeMs, fingerprint, correlation, plugin } = lease;
  const { state, why, kept } = lease;
  const openedAt = lease.openedAt.toISOString();
  const { hostname, address, domain, protocol } = endpoint;
  const place = { hostname, address, domain, ...(protocol !== undefined && { protocol }) };
  return [
    {
      ...{ is: 'open', id, credential, person, endpoint: place, reason, ticket, lifetimeMs, fingerprint },
      ...{ correlation, plugin, openedAt },
    },
    ...(kept === null ? [] : [{ is: 'keep', id, kept } as const]),
    ...(state === 'held' ? [{ is: 'held', id } as const] : []),
    ...(why === null ? [] : [{ is: 'ending', id, why } as const]),
    ...(state === 'ended' ? [{ is: 'ended', id, at: new Date().toISOString() } as const] : []),
    ...(lease.isKnown ? [{ is: 'known', id } as const] : []),
  ];
};
