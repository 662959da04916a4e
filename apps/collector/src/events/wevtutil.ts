import { spawn } from 'node:child_process';
import type { EventLogQuery, WindowsEventLogs } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';

export interface WevtutilOptions {
  /** The full path of wevtutil.exe: a bare name would be looked for in the working folder first. */
  readonly program: string;
  /** What stands before its own arguments; tests give it a script. */
  readonly before?: readonly string[];
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
  /** Milliseconds for one question. Default two minutes. */
  readonly timeoutMs?: number;
  /** The largest answer. Default 256 MiB. */
  readonly mostBytes?: number;
}

/**
 * The event logs of machines with Windows through `wevtutil qe`, which every Windows has. Extents are asked for as the
 * first and the last event too: what `wevtutil gli` prints has no times of events in it.
 */
export const openWevtutil = (options: WevtutilOptions): WindowsEventLogs => ({
  async *read(query) {
    const { program, before = [], signal, timeoutMs = 120_000, mostBytes = 256 * 2 ** 20 } = options;
    const { computer } = query;
    const child = spawn(program, [...before, ...argumentsOf(query)], {
      ...{ stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, signal, timeout: timeoutMs, killSignal: 'SIGKILL' },
    });
    let words = '';
    child.stderr.on('data', (part: Buffer) => {
      if (words.length < 2_000) words += part.toString('latin1');
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) =>
        reject(
          signal.aborted ? signal.reason : new Fault('unexpected', 'wevtutil cannot be started here.', error.message),
        ),
      );
      child.once('close', resolve);
    });
    // Looked at below; a caller that stops early does not look.
    ended.catch(() => undefined);
    let length = 0;
    try {
      for await (const piece of child.stdout as AsyncIterable<Buffer>) {
        length += piece.length;
        if (length > mostBytes)
          throw new Fault(
            'unexpected',
            `The event log of ${computer} gave more than can be taken in.`,
            `${length} bytes`,
          );
        yield piece;
      }
      const code = await ended;
      if (code !== 0) throw failureOf(code, query, words, timeoutMs);
    } finally {
      child.kill('SIGKILL');
    }
  },
});

/** @throws Fault `unexpected` for names that no machine and no log has */
export const argumentsOf = ({ computer, channel, order, most, ...query }: EventLogQuery): readonly string[] => {
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})$/.test(computer))
    throw new Fault('unexpected', 'The name of a machine cannot be used.', JSON.stringify(computer).slice(0, 300));
  if (!/^[\w][\w /.-]{0,200}$/.test(channel))
    throw new Fault('unexpected', 'The name of an event log cannot be used.', JSON.stringify(channel).slice(0, 300));
  const xpath = xpathOf(query);
  return [
    ...['qe', channel, `/r:${computer}`, ...(xpath === null ? [] : [`/q:${xpath}`])],
    // Without it the output is in the code page of the console, which has not all letters.
    ...[`/rd:${order === 'newest-first'}`, `/c:${most}`, '/f:xml', '/uni:true'],
  ];
};

/** Ids that follow one another become one range: Windows takes no more than some twenty terms. */
const xpathOf = ({ eventIds, after, since }: Pick<EventLogQuery, 'eventIds' | 'after' | 'since'>): string | null => {
  const ranges: [first: number, last: number][] = [];
  for (const id of eventIds.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && id <= last[1] + 1) last[1] = id;
    else ranges.push([id, id]);
  }
  const ids = ranges.map(([first, last]) =>
    first === last ? `EventID=${first}` : `(EventID>=${first} and EventID<=${last})`,
  );
  const terms = [
    ...(ids.length === 0 ? [] : [`(${ids.join(' or ')})`]),
    ...(after === null ? [] : [`EventRecordID>${after}`]),
    ...(since === null ? [] : [`TimeCreated[@SystemTime>='${since.toISOString()}']`]),
  ];
  return terms.length === 0 ? null : `*[System[${terms.join(' and ')}]]`;
};

/** Its exit code is the code of Windows (MS-ERREF 2.2); its words are in the language of the machine. */
export const failureOf = (
  code: number | null,
  { computer, channel }: EventLogQuery,
  words: string,
  timeoutMs: number,
): Fault => {
  const detail = `wevtutil: ${code === null ? `no answer in ${timeoutMs} ms` : code} ${words.trim().slice(0, 500)}`;
  if (code === accessDenied || code === logonFailure)
    return new Fault(
      'forbidden',
      `The ${channel} log of ${computer} may not be read. Make the account of the collector a member of the group Event Log Readers.`,
      detail,
    );
  if (code === null || away.has(code))
    return new Fault(
      'unreachable',
      `The ${channel} log of ${computer} did not answer. Check that it runs, and that its firewall lets “Remote Event Log Management” through.`,
      detail,
    );
  return new Fault('unexpected', `The ${channel} log of ${computer} could not be read.`, detail);
};

const accessDenied = 5;
const logonFailure = 1326;
/** Path not found on the network, unexpected network error, RPC server unavailable or too busy, call failed, no such name. */
const away: ReadonlySet<number> = new Set([53, 59, 64, 67, 1722, 1723, 1726, 1727, 11001]);
