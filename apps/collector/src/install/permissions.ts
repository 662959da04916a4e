import { type ConnectionCheck, checkConnection } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { faults } from '@gatehouse/kernel';
import { plannedEventLogs } from '../events/index.ts';
import { nearby } from '../nearby.ts';
import type { Plugin } from '../plugin.ts';

/** What was tried, and whether it works. Nothing in it is secret. */
export interface Permission {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'note';
  /** What to do, where it does not work. */
  readonly advice: string | null;
}

export interface Permissions {
  readonly list: readonly Permission[];
  /** Null: the system cannot be read at all. */
  readonly works: 'all' | 'some' | null;
}

/** Tries every permission that the collector needs, without keeping anything. */
export const tryPermissions = async (
  plugin: Plugin,
  settings: unknown,
  signal: AbortSignal,
  events?: unknown,
): Promise<Permissions> => {
  const host = createHost({
    ...{ signal, attempts: 2, retryMs: 20_000, eventLogs: plannedEventLogs(events, signal) },
    ...nearby(settings, signal),
  });
  return toPermissions(plugin, await checkConnection({ connector: plugin.connector, settings, host }));
};

const toPermissions = ({ connector }: Plugin, check: ConnectionCheck): Permissions => {
  const { fault, notes, caveats, streams } = check;
  const what = `${connector.name} is reached, its certificate is trusted, and the account is signed in`;
  const noted = notes.map((advice) => ({ what: 'note', state: 'note' as const, advice }));
  if (fault !== null)
    return { list: [{ what: connector.name, state: 'missing', advice: fault.advice }, ...noted], works: null };
  const list: readonly Permission[] = [
    { what, state: 'ok', advice: null },
    ...noted,
    ...caveats.map(({ advice }) => ({ what: 'note', state: 'note' as const, advice })),
    ...streams.map(({ title, ok, advice, fault: own }) => ({
      what: title,
      // Nothing that anybody could grant.
      state: ok ? ('ok' as const) : own?.kind === 'unsupported' ? ('note' as const) : ('missing' as const),
      advice,
    })),
  ];
  const isMissing = streams.some(({ fault: own }) => own !== null && faults[own.kind].onStream !== 'connected');
  return { list, works: isMissing || caveats.length > 0 ? 'some' : 'all' };
};

export const permissionLines = ({ list }: Permissions): readonly string[] =>
  list.map(({ what, state, advice }) => {
    const said = advice === null ? what : state === 'note' || advice.startsWith(what) ? advice : `${what}: ${advice}`;
    return `  ${state.padEnd(8)} ${said}`;
  });
