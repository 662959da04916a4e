import { StartFault } from '@gatehouse/database';
import { createLog } from './log.ts';
import { type ProgramSettings, SettingsError } from './settings.ts';

/** A program that runs. */
export interface Started {
  /** Where people reach it; null for a worker, which answers nobody. */
  readonly url: string | null;
  readonly firstAdministratorLink: string | null;
  close(): Promise<void>;
}

/** What is said to the process that started this one, where there is one. */
type Message =
  | { readonly type: 'ready'; readonly url: string; readonly firstAdministratorLink: string | null }
  | { readonly type: 'failed'; readonly sentence: string };

/**
 * Starts a program of this process, tells the process that started it how that went, and stops it at a signal or when
 * that process is gone.
 */
export const runProgram = async (start: () => Promise<Started>): Promise<void> => {
  const say = (message: Message) => process.send?.(message);
  try {
    const program = await start();
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      program.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    for (const signal of signals) process.on(signal, stop);
    process.on('disconnect', stop);
    // It may have gone while this program was still starting.
    if (process.connected === false) return stop();
    say({ type: 'ready', url: program.url ?? '', firstAdministratorLink: program.firstAdministratorLink });
  } catch (error) {
    const isForPeople = error instanceof StartFault || error instanceof SettingsError;
    const sentence = isForPeople
      ? error.message
      : `Gatehouse could not start: ${error instanceof Error ? error.message : String(error)}`;
    if (process.send) say({ type: 'failed', sentence });
    else process.stderr.write(`${sentence}\n`);
    process.exitCode = 1;
    process.disconnect?.();
  }
};

const signals = ['SIGINT', 'SIGTERM'] as const;

/** What every program is started with, from its settings. */
export const startOptions = (program: string, settings: ProgramSettings) => {
  const { databaseUrl, home, host, port, publicUrl, trustProxy, metricsToken, pages, oidc, apps } = settings;
  return {
    ...{ databaseUrl, home, apps, signIn: { providers: oidc } },
    network: {
      ...{ host, port, trustProxy },
      ...(publicUrl !== undefined && { baseUrl: publicUrl }),
      ...(metricsToken && { metricsToken }),
    },
    ...(pages !== undefined && { pages }),
    log: createLog(program, settings.logLevel),
  };
};
