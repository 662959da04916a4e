import type { Database } from '@gatehouse/database';
import type { Act, Log } from '@gatehouse/server';
import type { Support } from '../support/index.ts';
import { type Machine, whyNot } from './machine.ts';

export interface WatchParts {
  readonly database: Database;
  readonly log: Log;
  readonly support: Pick<Support, 'hub'>;
  /** Between two looks where nothing was heard. */
  readonly lookMs: number;
}

export interface MachineWatch {
  /** Resolves with why what is open on the machine has to end. */
  readonly ended: Promise<string>;
  stop(): void;
}

/** Looks whether somebody may go on, whenever something happens to the session of the machine, and from time to time. */
export const watchMachine = (parts: WatchParts, act: Act, machine: Machine): MachineWatch => {
  const { database, log, support, lookMs } = parts;
  const { lsid } = machine.member;
  const ended = Promise.withResolvers<string>();
  let looking: Promise<void> | null = null;
  let isDue = false;
  const look = (): void => {
    if (looking !== null) {
      isDue = true;
      return;
    }
    looking = database
      .system((tx) => whyNot(tx, act, machine))
      .then((why) => why !== null && ended.resolve(why))
      .catch((error: unknown) => {
        log.warn({ err: error, lsid }, 'nobody knows whether a machine may still be used');
        ended.resolve('The site could not find out whether you may go on. Try it again.');
      })
      .then(() => {
        looking = null;
        const again = isDue;
        isDue = false;
        if (again) look();
      });
  };
  const timer = setInterval(look, lookMs);
  const unwatch = support.hub.watch((changed) => {
    if (changed === null || changed === lsid) look();
  });
  return {
    ended: ended.promise,
    stop() {
      clearInterval(timer);
      unwatch();
    },
  };
};
