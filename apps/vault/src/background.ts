import type { Jobs } from '@gatehouse/database';
import { type Rotation, sweepCheckouts } from './checkouts/index.ts';
import { rewrapAll } from './keys/index.ts';
import type { VaultParts } from './parts.ts';
import { endOldTokens, forgetOldFailures } from './sign-in/index.ts';

/** What happens without anybody asking, once over all processes. Names are those of the queues. */
const scheduled = (
  parts: VaultParts,
  rotation: Rotation | null,
): Readonly<Record<string, { readonly cron: string; perform(signal: AbortSignal): Promise<void> }>> => {
  const { database, clock, envelope, log } = parts;
  return {
    'end-checkouts': {
      cron: '* * * * *',
      perform: async (signal) => {
        const ended = await sweepCheckouts(parts, rotation, signal);
        if (ended > 0) log.info({ ended }, 'check-outs were over, and are checked in');
      },
    },
    'end-old-tokens': {
      cron: '*/5 * * * *',
      perform: () =>
        database.system(async (tx) => {
          await endOldTokens(tx, clock.now());
          await forgetOldFailures(tx, clock.now());
        }),
    },
    // After a new master key was put in front, everything is wrapped by it while the vault goes on.
    'wrap-anew': {
      cron: '23 * * * *',
      perform: async (signal) => {
        const { rewrapped, failed } = await rewrapAll(database, envelope, signal);
        if (rewrapped > 0) log.info({ rewrapped }, 'data keys were wrapped by the current master key');
        if (failed > 0)
          log.warn({ failed }, 'data keys could not be opened, so they are still wrapped by an older master key');
      },
    },
  };
};

export const startBackground = async (
  parts: VaultParts,
  jobs: Jobs,
  rotation: Rotation | null,
): Promise<{ stop(): Promise<void> }> => {
  for (const [name, { cron, perform }] of Object.entries(scheduled(parts, rotation))) {
    await jobs.work({ name, retries: 2, expireSeconds: 3_600 }, (_job, signal) => perform(signal));
    await jobs.schedule(name, cron, {});
  }
  await jobs.send('wrap-anew', {}, { key: 'start' });
  await jobs.send('end-checkouts', {}, { key: 'start' });
  return { stop: async () => undefined };
};
