import { headOffice, pendingCollector } from './connections.ts';
import { daysAgo } from './records.ts';

const minutesAgo = (minutes: number) => daysAgo(minutes / 1_440);
const domain = { kind: 'active-directory', kindName: 'Active Directory' };

/** The collector of a connection: one that waits for its key, and one that reads a domain and stands by for another. */
export const collectorOf = (connectionId: string) => {
  const isPending = connectionId === pendingCollector.connectionId;
  return {
    connectionId,
    name: isPending ? pendingCollector.name : headOffice.name,
    device: isPending
      ? null
      : {
          ...{ host: 'NWT-MGMT01', version: '0.1.0', platform: 'win32 x64', clockAheadMs: -74_000 },
          ...{ registeredAt: daysAgo(12), lastContactAt: minutesAgo(0.2) },
        },
    offers: '0.1.0',
    key: {
      state: isPending ? 'open' : 'used',
      ...{ createdAt: daysAgo(12), createdBy: 'Margaret Hamilton', expiresAt: daysAgo(-1) },
      usedAt: isPending ? null : daysAgo(12),
    },
    command: 'node collector.mjs install --server https://gatehouse.northwind.example',
    installer: { file: 'collector.mjs', bytes: 1_912_004 },
    sources: isPending
      ? []
      : [
          {
            ...{ ...domain, id: 'S-1-5-21-3623811015-3361044348-30300820', name: 'corp.northwind.example' },
            ...{ state: 'reading', reader: headOffice.name, readUntil: minutesAgo(-2), home: headOffice.name },
          },
          {
            ...{ kind: 'password-safe', kindName: 'Password Safe', id: 'https://safe.northwind.example' },
            ...{ name: 'safe.northwind.example', state: 'standing_by', readUntil: minutesAgo(-1) },
            ...{ reader: 'Rotterdam', home: 'Rotterdam' },
          },
        ],
    streams: isPending
      ? []
      : (
          [
            ['users', 'Users', 'idle', false],
            ['groups', 'Groups', 'reading', false],
            ['memberships', 'Memberships', 'idle', true],
            ['system-log', 'Security events', 'waiting', false],
          ] as const
        ).map(([stream, title, state, isWanted]) => ({
          ...{ stream, title: `Active Directory: ${title}`, state, isWanted },
          ...{ readAt: minutesAgo(11), nextAt: minutesAgo(-19) },
        })),
    spool: isPending ? null : { batches: 3, bytes: 5_400_000, mostBytes: 536_870_912 },
  };
};
