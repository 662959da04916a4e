import type { Jobs } from '@gatehouse/database';
import { rewrapAll } from './keys/index.ts';
import type { VaultParts } from './parts.ts';
import { endOldTokens, forgetOldFailures } from './sign-in/index.ts';

/** What happens without anybody asking, once over all processes. Names are those of the queues. */
const scheduled = ({
  database,
  clock,
  envelope,
  log,
}: VaultParts): Readonly<Record<string, { readonly cron: string; perform(signal: AbortSignal): Promise<void> }>> => ({
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
});

export const startBackground = async (parts: VaultParts, jobs: Jobs): Promise<{ stop(): Promise<void> }> => {
  for (const [name, { cron, perform }] of Object.entries(scheduled(parts))) {
    await jobs.work({ name, retries: 2, expireSeconds: 3_600 }, (_job, signal) => perform(signal));
    await jobs.schedule(name, cron, {});
  }
  await jobs.send('wrap-anew', {}, { key: 'start' });
  return { stop: async () => undefined };
};
