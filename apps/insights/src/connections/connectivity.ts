import { type Health, worst } from '@gatehouse/kernel';
import type { connectivities } from '../api/connections.ts';
import type { StoredConnection } from './store.ts';

export type Connectivity = (typeof connectivities)[number];

/** Everything that says how a connection is. */
export interface Signs {
  readonly enabled: boolean;
  /** The connector is read by an agent that has not registered yet. */
  readonly awaitsAgent: boolean;
  /** The newest check; null when none was made. */
  readonly check: Health | null;
  readonly caveats: number;
  /** What each stream's newest read ended with; streams that were never read are left out. */
  readonly streams: readonly { readonly health: Health; readonly hasFault: boolean }[];
}

/** The one word that lists, pages, webhooks and the command line show for a connection. */
export const connectivityOf = (signs: Signs): Connectivity => {
  if (!signs.enabled) return 'off';
  if (signs.awaitsAgent) return 'pending';
  const { streams } = signs;
  if (signs.check === null && streams.length === 0) return 'not_checked';
  const healths: Health[] = streams.map(({ health }) => health);
  if (signs.check) healths.push(signs.check);
  if (signs.caveats > 0) healths.push('warning');
  // A warning says that some of it works. Where no stream could be read, none does.
  if (streams.length > 0 && streams.every(({ health, hasFault }) => hasFault && health !== 'connected')) {
    healths.push('failed');
  }
  return worst(healths);
};

/** The signs that the database has of a connection. */
export const signsOf = (connection: StoredConnection) => ({
  enabled: connection.enabled,
  awaitsAgent: connection.awaitsAgent,
  check: connection.checkHealth,
  caveats: connection.caveats.length,
  streams: connection.streams.flatMap(({ health, fault }) => (health ? [{ health, hasFault: fault !== null }] : [])),
});

/** From worst to best, for the home screen. A connection that is off or new says nothing about the tenant. */
export const worstConnectivity = (all: readonly Connectivity[]): Connectivity | null =>
  (['failed', 'warning', 'pending', 'connected', 'not_checked', 'off'] as const).find((one) => all.includes(one)) ??
  null;
