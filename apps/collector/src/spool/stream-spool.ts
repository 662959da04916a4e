import { join } from 'node:path';
import { type Disk, replaceFile } from '@gatehouse/host/agent';
import { type BatchFile, isWhole, nameBatch, parseBatchName } from './batch-file.ts';
import {
  addDropped,
  beginAnew,
  emptyState,
  moveTail,
  openGeneration,
  type Place,
  StreamState,
} from './stream-state.ts';

/** A stream, as the spool is opened for it. */
export interface SpooledStream {
  /** As it travels: `active-directory-users`. */
  readonly stream: string;
  readonly source: string;
  /** Events are only ever added to: what is lost of them cannot be read again as a list can. */
  readonly isEvents: boolean;
}

/** A batch that is about to be written. */
export interface Draft {
  readonly type: BatchFile['type'];
  readonly readAt: Date;
  /** As its content has it. Room that is made meanwhile may change from where it counts. */
  readonly place: Place;
  readonly content: Uint8Array;
}

/** The batches of one stream on disk and where it stands. Its methods are called one after the other. */
export interface StreamSpool extends SpooledStream {
  readonly state: StreamState;
  /** What waits to be sent, in order. */
  readonly waiting: readonly BatchFile[];
  /** Grows whenever the read under way no longer counts: whoever goes on with it would leave a hole. */
  readonly epoch: number;
  /** Commits batches and the state that follows them, both or nothing. `toNext` gets the state with them counted in. */
  append(drafts: readonly Draft[], toNext: (state: StreamState) => StreamState): Promise<void>;
  /** Commits a state, and takes away what no longer counts in it. */
  commit(state: StreamState): Promise<void>;
  /** The server has it. */
  settle(file: BatchFile): Promise<void>;
  /** Its bytes; null where they are not what was written. */
  read(file: BatchFile): Promise<Uint8Array | null>;
  /** A list begins at its beginning; events go on, as a new generation, with what still waits after `lost`. */
  restart(lost: readonly BatchFile[], now: Date): Promise<void>;
  /** Moves a file out of the way, for people to look at. */
  setAside(file: BatchFile): Promise<void>;
}

/** Opens the folder of a stream: keeps what was promised, removes what was not. `say` gets what a person should know. */
export const openStream = async (
  of: SpooledStream,
  at: { readonly disk: Disk; readonly root: string; readonly now: Date; say(sentence: string): void },
): Promise<StreamSpool> => {
  const { disk, say } = at;
  const folder = join(at.root, of.stream);
  const statePath = join(folder, 'state.json');
  const aside = join(at.root, 'damaged');
  const consequence = of.isEvents ? 'What they held is lost.' : 'It begins at its beginning.';
  await disk.makeFolder(folder);
  let state = await readState();
  let waiting: BatchFile[] = [];
  let epoch = 0;

  const commit = async (next: StreamState) => {
    await replaceFile(disk, statePath, JSON.stringify(next));
    const isForgotten = next.tail > state.tail;
    state = next;
    if (!isForgotten) return;
    const over = waiting.filter(({ number }) => number < next.tail);
    waiting = waiting.filter(({ number }) => number >= next.tail);
    // No longer needed for anything: when one stays, the next start removes it.
    for (const file of over) await disk.remove(join(folder, file.name)).catch(() => undefined);
  };

  const restart = async (lost: readonly BatchFile[], now: Date) => {
    const noted = addDropped(
      state,
      lost.map(({ readAt }) => readAt),
    );
    if (of.isEvents) {
      const left = waiting.find((file) => !lost.some(({ number }) => number === file.number));
      const tail = left?.number ?? state.next;
      await commit(openGeneration(moveTail(noted, tail), now, tail));
    } else {
      epoch++;
      await commit(beginAnew(noted));
    }
  };

  const setAside = async (file: BatchFile) => {
    await disk.makeFolder(aside);
    await disk.rename(join(folder, file.name), join(aside, `${of.stream}-${file.name}`)).catch(() => undefined);
    // Enough to see what happened; they must not fill what the spool has to hold.
    for (const name of (await disk.list(aside)).slice(0, -20)) await disk.remove(join(aside, name));
  };

  const spool: StreamSpool = {
    ...of,
    get state() {
      return state;
    },
    get waiting() {
      return waiting;
    },
    get epoch() {
      return epoch;
    },
    async append(drafts, toNext) {
      const files: BatchFile[] = [];
      try {
        for (const [index, { content, place, ...draft }] of drafts.entries()) {
          const file = nameBatch({ ...draft, ...place, number: state.next + index }, content);
          files.push(file);
          await disk.write(join(folder, file.name), content);
        }
        if (files.length > 0) await disk.settle(folder);
        await commit(toNext({ ...state, next: state.next + files.length }));
      } catch (error) {
        // Not promised yet; and where the disk is full, in the way.
        for (const { name } of files) await disk.remove(join(folder, name)).catch(() => undefined);
        throw error;
      }
      waiting.push(...files.filter(({ number }) => number >= state.tail));
    },
    commit,
    async settle(file) {
      waiting = waiting.filter(({ number }) => number !== file.number);
      await disk.remove(join(folder, file.name));
      // Before the next one goes: were a later one gone and this one back, it would look like a hole.
      await disk.settle(folder);
    },
    async read(file) {
      const content = await disk.read(join(folder, file.name));
      return content !== null && isWhole(file, content) ? content : null;
    },
    restart,
    setAside,
  };
  await sweep();
  return spool;

  async function readState(): Promise<StreamState> {
    const bytes = await disk.read(statePath);
    if (bytes === null) return emptyState(of.source);
    const found = parseState(bytes);
    if (found?.source === of.source) return found;
    if (found !== null) {
      say(`${of.stream} reads another system now and begins at its beginning.`);
      await disk.remove(folder);
      await disk.makeFolder(folder);
      return { ...emptyState(of.source), above: found.above };
    }
    say(`Where ${of.stream} stood cannot be read any more. It begins at its beginning.`);
    await disk.makeFolder(aside);
    await disk.rename(statePath, join(aside, `${of.stream}-state-${at.now.getTime()}.json`));
    const files = (await disk.list(folder)).map(parseBatchName).filter((file) => file !== null);
    const numbers = files.map(({ number }) => number);
    const next = Math.max(-1, ...numbers) + 1;
    const above = Math.max(0, ...files.map(({ generation }) => generation));
    // Events that wait are still worth sending; the pages of a list whose cursor is lost are not.
    const tail = of.isEvents ? Math.min(next, ...numbers) : next;
    const state = { ...emptyState(of.source), next, tail, above };
    const lost = of.isEvents ? [] : files.map(({ readAt }) => readAt);
    const anew = addDropped(of.isEvents ? openGeneration(state, at.now, tail) : state, lost);
    await replaceFile(disk, statePath, JSON.stringify(anew));
    return anew;
  }

  /** Takes away what was never promised or is over, and finds out what is missing. */
  async function sweep(): Promise<void> {
    const found: BatchFile[] = [];
    for (const name of await disk.list(folder)) {
      if (name === 'state.json') continue;
      const file = parseBatchName(name);
      if (file !== null && file.number >= state.tail && file.number < state.next) found.push(file);
      else await disk.remove(join(folder, name));
    }
    waiting = found.sort((a, b) => a.number - b.number);
    // What was sent goes from the front, so a hole is a file that somebody took away.
    const lost: Date[] = [];
    let mended = state;
    for (const [index, { number, readAt }] of waiting.entries()) {
      const before = waiting[index - 1];
      if (before === undefined || number === before.number + 1) continue;
      lost.push(...Array.from({ length: number - before.number - 1 }, () => readAt));
      mended = openGeneration(mended, at.now, number);
    }
    const last = waiting.at(-1);
    if (last !== undefined && last.number < state.next - 1) {
      lost.push(...Array.from({ length: state.next - 1 - last.number }, () => last.readAt));
      mended = openGeneration(mended, at.now);
    }
    if (lost.length === 0) return;
    say(`${lost.length} batches of ${of.stream} are missing in the spool. ${consequence}`);
    if (of.isEvents) await commit(addDropped(mended, lost));
    else await restart(waiting, at.now);
  }
};

const parseState = (bytes: Uint8Array): StreamState | null => {
  try {
    return StreamState.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
};
