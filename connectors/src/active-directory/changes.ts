import type { Cursor, LdapControls, LdapEntry, Page } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import type { DirectoryClient } from './client.ts';

/** Which objects a stream reads. */
export interface Selection {
  /** A naming context or a container in it. */
  readonly base: string;
  /** Matches every object of the stream, alive. */
  readonly filter: string;
  readonly attributes: readonly string[];
  readonly controls?: LdapControls;
  /** What a tombstone still says of its kind; left out: tombstones are not looked for. */
  readonly tombstones?: string;
}

/** What came of a number of entries. `gone` of tombstones; `wholes` where the records are parts. */
export type ToPage<T> = (
  entries: readonly LdapEntry[],
  tombstones: readonly LdapEntry[],
) => Promise<Omit<Page<T>, 'cursor'>> | Omit<Page<T>, 'cursor'>;

const State = z.strictObject({
  /** Of a page that was cut into several. */
  part: z.number().int().optional(),
  /** Whose numbers these are. */
  invocation: z.string(),
  /** Everything that changed up to this USN has been read. */
  at: z.number().int(),
  /** A read is under way. Objects that were deleted after this USN may have been read alive. Left out: `at` is a watermark. */
  first: z.number().int().optional(),
  /** Pages of the window after `at` so far; they are read again after an interruption. */
  page: z.number().int().optional(),
});
type State = z.output<typeof State>;

/**
 * Reads a selection by windows of `uSNChanged` (MS-ADTS 3.1.1.1.9): the first time all of them, later only what changed.
 * The number of an object grows with each change, so a window that was read is done with, whatever happens afterwards,
 * and a read can go on after its last window on another connection; the cookie of paged results could not. An object that
 * changes while others are read moves on to a later window, so the windows go on until nothing has changed any more.
 *
 * Numbers belong to one database: from another one, also after a restore, everything is read again.
 */
export async function* readChanges<T>(
  client: DirectoryClient,
  selection: Selection,
  from: Cursor | null,
  toPage: ToPage<T>,
): AsyncIterable<Page<T>> {
  const { invocationId: invocation } = await client.forest();
  const begun = from === null ? null : parse(from);
  if (begun !== null && begun.invocation !== invocation) throw otherDatabase();
  // What changed since a watermark may be alive or dead; of the first read only what dies meanwhile is of interest.
  const first = begun === null ? await highest(client) : (begun.first ?? 0);
  let at = begun?.at ?? 0;
  // A window that is read again counts on, because no cursor may come twice.
  let page = begun?.page ?? 0;
  let width = firstWidth;
  const wanted = wantedPages * (selection.controls?.pageSize ?? 1_000);
  for (let passes = 0; ; passes++) {
    const until = await highest(client);
    if (at > until) throw otherDatabase();
    if (at === until) break;
    if (passes === mostPasses) throw restless(client);
    while (at < until) {
      const end = Math.min(until, at + width);
      let count = 0;
      for await (const { live, dead } of readWindow(client, selection, at, end, at >= first)) {
        count += live.length + dead.length;
        yield { ...(await toPage(live, dead)), cursor: write({ invocation, at, first, page: ++page }) };
      }
      at = end;
      width = Math.max(1, Math.round(width * Math.min(4, Math.max(1 / 4, wanted / count))));
      if (page > 0) yield { records: [], cursor: write({ invocation, at, first }) };
      page = 0;
    }
  }
  yield { records: [], cursor: write({ invocation, at }) };
}

/** USNs of the first window. */
const firstWidth = 16_384;
/**
 * Pages of a window: later ones are as wide as it takes. Each costs a controller a search of its own, of Samba even one
 * through all objects; and an interruption costs what was read of one.
 */
const wantedPages = 20;
/** A domain in which changes never cease for as long as it takes to read them is not read at all. */
const mostPasses = 50;

async function* readWindow(
  client: DirectoryClient,
  { base, filter, attributes, controls, tombstones }: Selection,
  after: number,
  end: number,
  wantsDead: boolean,
): AsyncIterable<{ readonly live: readonly LdapEntry[]; readonly dead: readonly LdapEntry[] }> {
  const within = `(uSNChanged>=${after + 1})(uSNChanged<=${end})`;
  const live = {
    base,
    scope: 'sub' as const,
    filter: `(&${filter}${within})`,
    attributes,
    ...(controls && { controls }),
  };
  for await (const page of client.ldap.search(live)) {
    await requireSame(client, page.controller);
    if (page.entries.length > 0) yield { live: page.entries, dead: [] };
  }
  if (!wantsDead || tombstones === undefined) return;
  const dead = {
    ...{ base, scope: 'sub' as const, filter: `(&(isDeleted=TRUE)${tombstones}${within})` },
    ...{ attributes: ['objectSid', 'objectGUID'], controls: { showDeleted: true } },
  };
  for await (const page of client.ldap.search(dead)) {
    await requireSame(client, page.controller);
    if (page.entries.length > 0) yield { live: [], dead: page.entries };
  }
}

/** Asked anew each time: it is what moves. */
const highest = async (client: DirectoryClient): Promise<number> => {
  const { controller, highestCommittedUSN } = await client.ldap.rootDse();
  await requireSame(client, controller);
  return Number(highestCommittedUSN);
};

/** Another controller counts otherwise: what it says of a window is no answer to this read. */
const requireSame = async (client: DirectoryClient, controller: string): Promise<void> => {
  const { root } = await client.forest();
  if (controller === root.controller) return;
  throw new Fault(
    'unreachable',
    `The domain controller ${root.controller} went away while it was read. The next run reads from ${controller}.`,
  );
};

const write = (state: State): Cursor => JSON.stringify(state);

const parse = (cursor: Cursor): State => {
  let json: unknown = null;
  try {
    json = JSON.parse(cursor);
  } catch {}
  const state = State.safeParse(json);
  // As of a database that nobody knows: read from the start.
  if (!state.success) throw otherDatabase();
  return state.data;
};

/** With the status of what is gone for good, upon which a read begins anew. */
const otherDatabase = () =>
  new Fault('unexpected', 'The domain controller was restored or replaced, so everything is read again.', undefined, {
    cause: { status: 410 },
  });

const restless = ({ system }: DirectoryClient) =>
  new Fault('unexpected', `${system} changes faster than it can be read. The next run tries again.`);
