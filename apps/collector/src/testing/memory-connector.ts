import { defineConnector, empty, stream } from '@gatehouse/connector-kit';
import { fields } from '@gatehouse/fields';

/** What a made-up system holds. Reads of events go on where the last one ended. */
export interface Holds {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly events: readonly string[];
  readonly pageSize: number;
  readonly filler?: string;
  /** Called before each page, by the number of its first record. */
  onPage?(stream: string, at: number): Promise<void> | void;
}

const everyMs = 1_000;

export const memoryConnector = (holds: Holds) => {
  const { pageSize, filler = '' } = holds;
  async function* cut<T>(name: 'users' | 'groups' | 'events', from: string | null, map: (id: string) => T) {
    const all = holds[name];
    for (let at = Number(from ?? 0); ; at += pageSize) {
      await holds.onPage?.(name, at);
      const ids = all.slice(at, at + pageSize);
      const isLast = at + pageSize >= all.length;
      const next = String(isLast ? Math.max(at, all.length) : at + pageSize);
      yield { records: ids.map(map), cursor: isLast && name !== 'events' ? null : next };
      if (isLast) return;
    }
  }
  return defineConnector({
    ...{ id: 'memory', name: 'Memory', summary: 'In memory.', config: fields.object({}), setup: [] },
    ...{ point: () => '', connect: () => null, check: async () => [] },
    streams: {
      users: stream({
        ...{ record: 'accounts', title: 'Users', needs: '', reading: { mode: 'full' }, everyMs },
        read: (_: null, from) =>
          cut('users', from, (id) => ({ ...empty('accounts'), id, raw: { filler }, type: 'user' as const, login: id })),
      }),
      groups: stream({
        ...{ record: 'groups', title: 'Groups', needs: '', reading: { mode: 'full' }, everyMs },
        read: (_: null, from) =>
          cut('groups', from, (id) => ({ ...empty('groups'), id, raw: { filler }, type: 'group' as const, name: id })),
      }),
      events: stream({
        ...{ record: 'events', title: 'Events', needs: '', reading: { mode: 'events' }, everyMs },
        read: (_: null, from) =>
          cut('events', from, (id) => ({ ...empty('events'), id, raw: { filler }, at: new Date(0), type: 'made.up' })),
      }),
    },
  });
};
