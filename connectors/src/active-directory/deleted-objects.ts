import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import { readChanges } from './changes.ts';
import type { DirectoryClient } from './client.ts';
import { commonName, flagOf, guidOf, referencesOf, sidOf, textOf, textsOf, timeOf, withoutGuid } from './entry.ts';
import { wordsOf } from './words.ts';

const needs = 'read access to CN=Deleted Objects (dsacls, Read and List Contents), which no domain user has by nature';
const attributes = [
  ...[
    'objectClass',
    'objectSid',
    'objectGUID',
    'sAMAccountName',
    'name',
    'whenCreated',
    'whenChanged',
    'lastKnownParent',
  ],
  ...['isDeleted', 'isRecycled', 'msDS-LastKnownRDN', 'userPrincipalName'],
];

/** What was deleted, for as long as the domain keeps it. `attributes`: `objectClass`, `sid`, `samAccountName`, `lastKnownParent`, `isRecycled`. */
const toResource = (entry: LdapEntry, id: string): Resource => ({
  ...empty('resources'),
  id,
  raw: wordsOf(entry, attributes),
  type: 'deleted_object',
  name:
    textOf(entry, 'msDS-LastKnownRDN') ??
    textOf(entry, 'sAMAccountName') ??
    commonName(entry.dn).split('\n')[0] ??
    null,
  status: 'disabled',
  createdAt: timeOf(entry, 'whenCreated'),
  lastActivityAt: timeOf(entry, 'whenChanged'),
  attributes: {
    objectClass: textsOf(entry, 'objectClass').at(-1) ?? null,
    sid: sidOf(entry),
    samAccountName: textOf(entry, 'sAMAccountName'),
    lastKnownParent: referencesOf(entry, 'lastKnownParent')[0]?.dn ?? null,
    isRecycled: flagOf(entry, 'isRecycled') ?? false,
  },
});

export const deletedObjects = stream<DirectoryClient, 'resources'>({
  record: 'resources',
  title: 'Deleted objects',
  needs,
  reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
  everyMs: 30 * 60_000,
  async *read(client, from) {
    await mayRead(client);
    const { root } = await client.forest();
    const selection = {
      ...{ base: root.defaultNamingContext, filter: '(isDeleted=TRUE)', attributes },
      controls: { showDeleted: true },
    };
    yield* readChanges(client, selection, from, (live) => {
      // The container itself is marked as deleted, too, and nothing else has no last known parent.
      const deleted = live.filter(({ dn }) => !/^CN=Deleted Objects,/i.test(dn));
      const unread = deleted.filter((entry) => guidOf(entry) === null);
      return {
        records: deleted.flatMap((entry) => {
          const id = guidOf(entry);
          return id === null ? [] : [toResource(entry, id)];
        }),
        ...(unread.length > 0 && { leftOut: unread.map(withoutGuid) }),
      };
    });
  },
  probe: (client) => mayRead(client),
});

/** Whoever may not see the container is told of nothing in it, as if nothing had been deleted: that must not pass for an answer. */
export const mayRead = async (client: DirectoryClient): Promise<void> => {
  const { root } = await client.forest();
  const base = `CN=Deleted Objects,${root.defaultNamingContext}`;
  const found = await client
    .find({ base, attributes: ['objectClass'], controls: { showDeleted: true } })
    .catch((error: unknown) => {
      if (toFault(error).kind === 'forbidden') return null;
      throw error;
    });
  if (found === null) throw new Fault('forbidden', `Deleted objects cannot be read. Give the account ${needs}.`);
};
