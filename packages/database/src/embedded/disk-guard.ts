import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface DiskGuard {
  close(): void;
}

/** What one second of the fastest writing needs, and a server that starts again. */
export const leastRoomBytes = 256 * 1024 * 1024;
const lookMs = 500;

/**
 * PostgreSQL that cannot extend its write-ahead log aborts, and cannot start again before there is room. So a disk with
 * less than `leastBytes` left takes nothing new: from the next transaction on the server only reads, and whoever writes
 * gets an error that says why. As soon as there is room it writes again, by itself. Resolves after the first look.
 */
export const guardDisk = async (of: {
  /** The data folder. */
  readonly folder: string;
  readonly config: pg.ClientConfig;
  readonly leastBytes: number;
  onTrouble(text: string): void;
}): Promise<DiskGuard> => {
  const { folder, config, leastBytes, onTrouble } = of;
  let isFull = false;
  let isLooking = false;

  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    // More is asked for to begin again than to stop, so that it does not change with every page.
    if (isFull ? free < leastBytes * 1.25 : free >= leastBytes) return;
    await setReadOnly(config, !isFull);
    isFull = !isFull;
    onTrouble(isFull ? fullText(folder, free, leastBytes) : 'There is room on the disk of the database again.');
  };
  const lookAgain = () => {
    if (isLooking) return;
    isLooking = true;
    // A server that does not answer has its own guard; the next look is soon.
    look()
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
      });
  };

  isFull = await isReadOnly(config);
  await look();
  const timer = setInterval(lookAgain, lookMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
};

const fullText = (folder: string, free: number, leastBytes: number): string => {
  const [left, least] = [free, leastBytes].map((bytes) => Math.floor(bytes / 2 ** 20));
  return `The disk of ${folder} is full: ${left} MB are left, ${least} MB must stay free. Free some space; until then everything can be read and nothing new is stored.`;
};

const isReadOnly = (config: pg.ClientConfig): Promise<boolean> =>
  withClient(config, async (client) => {
    const { rows } = await client.query<{ setting: string }>(
      "select setting from pg_settings where name = 'default_transaction_read_only'",
    );
    return rows[0]?.setting === 'on';
  });

/**
 * For every session, from its next transaction on; stays when the server starts again. Refused statements are not logged
 * meanwhile: the log is on the same disk.
 */
const setReadOnly = async (config: pg.ClientConfig, isOn: boolean): Promise<void> => {
  await withClient(config, async (client) => {
    for (const [name, value] of Object.entries({ default_transaction_read_only: 'on', log_min_messages: 'log' })) {
      await client.query(isOn ? `alter system set ${name} = ${value}` : `alter system reset ${name}`);
    }
    await client.query('select pg_reload_conf()');
  });
  // A reload is only asked for; whoever connects next must find it done.
  for (let looks = 0; looks < 100 && (await isReadOnly(config)) !== isOn; looks++) await sleep(10);
};

const withClient = async <T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ ...config, application_name: 'gatehouse disk guard', query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};
