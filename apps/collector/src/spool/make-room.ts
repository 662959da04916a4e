import { isDiskFull } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import type { Ballast } from './ballast.ts';
import type { BatchFile } from './batch-file.ts';
import { BegunAnew } from './run-store.ts';
import type { StreamSpool } from './stream-spool.ts';
import { addDropped, moveTail } from './stream-state.ts';

interface Room {
  readonly spools: readonly StreamSpool[];
  /** Who is about to write, and how many bytes. */
  readonly spool: StreamSpool;
  readonly needed: number;
  readonly mostBytes: number;
  readonly ballast: Ballast;
  readonly now: Date;
  say(sentence: string): void;
}

/**
 * Writes when there is room, and makes it first: the oldest list goes with the rest of its generation, because it is
 * read again; then the oldest events, which are not. What is dropped is remembered with the stream.
 * @throws BegunAnew when the very read that is being written had to go.
 */
export const makeRoom = async (room: Room, write: () => Promise<void>): Promise<void> => {
  const { spools, spool, needed, mostBytes, ballast } = room;
  const { epoch } = spool;
  if (needed > mostBytes)
    throw new Fault('unexpected', 'A page is larger than the whole spool may be. Make the spool larger.');
  let isDiskOver = false;
  for (;;) {
    if (needed + sizeOf(spools) <= mostBytes) {
      try {
        await write();
        if (isDiskOver) await ballast.load();
        return;
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        isDiskOver = true;
        // Even to say that something was dropped takes a few bytes.
        await ballast.release();
      }
    }
    if (!(await dropOldest(room)))
      throw new Fault('unreachable', 'There is no room on the disk of the collector. Make some.');
    if (spool.epoch !== epoch) throw new BegunAnew();
  }
};

const sizeOf = (spools: readonly StreamSpool[]) =>
  spools.reduce((sum, { waiting }) => sum + waiting.reduce((some, { bytes }) => some + bytes, 0), 0);

/** False when there is nothing to drop. */
const dropOldest = async ({ spools, now, say }: Room): Promise<boolean> => {
  const list = oldest(spools.filter(({ isEvents }) => !isEvents));
  if (list !== null) {
    const { generations } = list.spool.state;
    const next = generations.find(({ first }) => first > list.file.number);
    // Its newest generation is the one that is read now or was read last: the stream begins at its beginning.
    const lost =
      next === undefined ? list.spool.waiting : list.spool.waiting.filter(({ number }) => number < next.first);
    say(`The spool is full: ${lost.length} batches of ${list.spool.stream} were dropped. They are read again.`);
    if (next === undefined) await list.spool.restart(lost, now);
    else
      await list.spool.commit(
        addDropped(
          moveTail(list.spool.state, next.first),
          lost.map(({ readAt }) => readAt),
        ),
      );
    return true;
  }
  const events = oldest(spools.filter(({ isEvents }) => isEvents));
  if (events === null) return false;
  say(`The spool is full: a batch of ${events.spool.stream}, read at ${events.file.readAt.toISOString()}, is lost.`);
  await events.spool.restart([events.file], now);
  return true;
};

const oldest = (spools: readonly StreamSpool[]): { readonly spool: StreamSpool; readonly file: BatchFile } | null => {
  const firsts = spools.flatMap((spool) => {
    const [file] = spool.waiting;
    return file === undefined ? [] : [{ spool, file }];
  });
  return firsts.sort((a, b) => a.file.readAt.getTime() - b.file.readAt.getTime())[0] ?? null;
};
