import { type RecordKind, type Records, stream } from '@gatehouse/connector-kit';
import type { LdapControls, LdapEntry } from '@gatehouse/host';
import { readChanges } from './changes.ts';
import type { DirectoryClient, Forest } from './client.ts';
import { guidOf, withoutGuid } from './entry.ts';
import { needsDirectory, probeDirectory } from './probe.ts';

/** A stream of objects that are neither accounts nor groups: one record each, by the GUID of the object. */
export interface ObjectStream<K extends RecordKind, Around> {
  readonly record: K;
  readonly title: string;
  readonly everyMs: number;
  /** Left out: everybody may read it. */
  readonly needs?: string;
  base(forest: Forest): string;
  /** Throws a `forbidden` Fault where the account is told of none as if there were none. Left out: that cannot be. */
  mayRead?(client: DirectoryClient, forest: Forest): Promise<void>;
  readonly filter: string;
  /** What tombstones of the kind are told by. */
  readonly tombstones: string;
  readonly attributes: readonly string[];
  readonly controls?: LdapControls;
  /** What has to be known beside the objects, read once for each read. */
  around(client: DirectoryClient, forest: Forest): Promise<Around>;
  toRecord(entry: LdapEntry, id: string, around: Around): Records[K];
}

export const objects = <K extends RecordKind, Around>(kind: ObjectStream<K, Around>) =>
  stream<DirectoryClient, K>({
    record: kind.record,
    title: kind.title,
    needs: kind.needs ?? needsDirectory,
    reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
    everyMs: kind.everyMs,
    async *read(client, from) {
      const forest = await client.forest();
      await kind.mayRead?.(client, forest);
      const around = await kind.around(client, forest);
      const { filter, tombstones, attributes } = kind;
      const selection = {
        ...{ base: kind.base(forest), filter, tombstones, attributes: ['objectGUID', ...attributes] },
        controls: { extendedDn: true, ...kind.controls },
      };
      yield* readChanges(client, selection, from, (live, dead) => {
        const unread = live.filter((entry) => guidOf(entry) === null).map(withoutGuid);
        return {
          records: live.flatMap((entry) => {
            const id = guidOf(entry);
            return id === null ? [] : [kind.toRecord(entry, id, around)];
          }),
          gone: dead.flatMap((entry) => guidOf(entry) ?? []),
          ...(unread.length > 0 && { leftOut: unread }),
        };
      });
    },
    async probe(client) {
      const forest = await client.forest();
      await kind.mayRead?.(client, forest);
      await probeDirectory(client, kind.filter, kind.base(forest));
    },
  });

export const nothingAround = async (): Promise<null> => null;
