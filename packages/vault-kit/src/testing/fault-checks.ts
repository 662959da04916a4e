import { asFault } from '@gatehouse/host';
import type { Fault } from '@gatehouse/kernel';
import type { Listing } from '../vault.ts';
import { eachListing } from './lease-checks.ts';
import { type Check, claim, type Process, type Subject, type Trial, withTrial } from './trial.ts';
import { type Strange, strangeness } from './vault-fake.ts';

export const wrongCredential: Check = {
  name: 'a wrong credential is unauthorized, and is tried once, because vaults lock out whoever guesses',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      for (const what of ['check', 'list', 'retrieve'] as const) {
        await withTrial(subject, async (trial) => {
          const lease = trial.lease(listing);
          trial.fake.refuseCredentials();
          const before = trial.fake.logIns.length;
          const fault = await faultOf(acts(trial.process(), lease)[what]());
          claim(fault?.kind === 'unauthorized', `with a wrong credential ${what} gave ${told(fault)}`);
          const attempts = trial.fake.logIns.length - before;
          claim(attempts <= 1, `with a wrong credential ${what} tried to log in ${attempts} times`);
        });
      }
    }),
};

export const deadHost: Check = {
  name: 'a dead host is unreachable',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      await withTrial(subject, async (trial) => {
        const process = trial.process();
        const lease = trial.lease(listing);
        const held = trial.lease(listing);
        await process.retrieve(held);
        const isHeld = trial.fake.held().length > 0;
        await trial.stop();
        for (const [what, act] of Object.entries(acts(trial.process(), lease))) {
          const fault = await faultOf(act());
          claim(fault?.kind === 'unreachable', `with a dead host ${what} gave ${told(fault)}`);
        }
        const fault = await faultOf(trial.process().release(held));
        const isSaid = !isHeld || fault?.kind === 'unreachable';
        claim(isSaid, `with a dead host the release of something that is handed out gave ${told(fault)}`);
      });
    }),
};

export const strangeBody: Check = {
  name: 'a strange body is unexpected, with a readable detail',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      for (const which of ['log-ins', 'others'] as const) {
        for (const how of strangeness) await claimUnexpected(subject, listing, which, how);
      }
    }),
};

const claimUnexpected = (subject: Subject, listing: Listing, which: 'log-ins' | 'others', how: Strange) =>
  withTrial(subject, async (trial) => {
    const lease = trial.lease(listing);
    await trial.process().list();
    const isLoggedIn = trial.fake.logIns.length > 0;
    if (which === 'log-ins' && !isLoggedIn) return;
    trial.fake.answerStrange(which, how);
    for (const [what, act] of Object.entries(acts(trial.process(), lease))) {
      // A check may do no more than log in.
      if (which === 'others' && what === 'check') continue;
      const fault = await faultOf(act());
      const where = `a strange answer (${how}) to ${which}`;
      claim(fault?.kind === 'unexpected', `after ${where} ${what} gave ${told(fault)}`);
      const detail = fault.detail ?? '';
      const isReadable = detail.length >= 10 && detail.length <= 1_200 && !detail.includes('[object Object]');
      claim(isReadable, `after ${where} ${what} has no readable detail: "${detail.slice(0, 200)}"`);
    }
    trial.fake.answerStrange(null, how);
    await trial.process().release(lease);
    claim(trial.fake.held().length === 0, `a strange answer (${how}) left ${trial.fake.held().join(', ')} handed out`);
  });

export const expiredToken: Check = {
  name: 'an expired token means one new log-in, never two at once for one identity, whoever finds it out',
  prove: (subject) =>
    withTrial(subject, async (trial) => {
      const process = trial.process();
      const many = Array.from({ length: 8 }, () => process);
      await Promise.all(many.map((one) => one.list()));
      const first = trial.fake.logIns.length;
      claimOnce(trial, 0, 'at first');
      trial.fake.expireTokens();
      const lists = await Promise.all(many.map((one) => one.list()));
      claim(
        lists.every(({ length }) => length > 0),
        'a list was empty after its token had expired',
      );
      claimOnce(trial, first, 'after its token had expired');
      claim(trial.fake.atOnce <= 1, `${trial.fake.atOnce} log-ins were under way at once for one identity`);
    }),
};

const claimOnce = ({ fake }: Trial, from: number, when: string): void => {
  const entered = fake.logIns.slice(from).filter(({ succeeded }) => succeeded);
  for (const [identity, all] of Map.groupBy(entered, (one) => one.identity)) {
    claim(all.length === 1, `${when} ${identity} logged in ${all.length} times`);
  }
};

export const expiryInTheMiddle: Check = {
  name: 'a token that expires at any request of retrieving or releasing costs nothing but a new log-in',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      for (const what of ['retrieve', 'release'] as const) {
        for (let at = 1, isBeyond = false; !isBeyond; at++) {
          await withTrial(subject, async (trial) => {
            const process = trial.process();
            const lease = trial.lease(listing);
            if (what === 'release') await process.retrieve(lease);
            let request = 0;
            trial.fake.decide(() => {
              if (++request === at) trial.fake.expireTokens();
              return 'served';
            });
            await process[what](lease);
            const held = trial.fake.held();
            const most = what === 'retrieve' ? 1 : 0;
            claim(
              held.length <= most,
              `a token that expired at request ${at} to ${what} ${listing.label} left ${held.join(', ')}`,
            );
            await process.release(lease);
            claim(trial.fake.held().length === 0, `${listing.label} is still held`);
            isBeyond = request < at;
          });
        }
      }
    }),
};

export const abortStops: Check = {
  name: 'abort stops within one request',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      for (const what of ['check', 'list', 'retrieve'] as const) {
        for (let at = 1, isBeyond = false; !isBeyond; at++) {
          await withTrial(subject, async (trial) => {
            const lease = trial.lease(listing);
            const process = trial.process();
            let request = 0;
            trial.fake.decide(() => {
              if (++request === at) process.controller.abort(new Error('cancelled'));
              return 'served';
            });
            const ended = await acts(process, lease)
              [what]()
              .then(
                () => true,
                () => false,
              );
            await trial.fake.settled();
            isBeyond = request < at;
            if (isBeyond) return;
            const more = request - at;
            claim(more === 0, `aborted at request ${at} to ${what} ${listing.label}, ${more} more were sent`);
            claim(!ended, `aborted at request ${at}, ${what} of ${listing.label} went on to its end`);
          });
        }
      }
    }),
};

const acts = (process: Process, lease: ReturnType<Trial['lease']>) => ({
  check: () => process.check(),
  list: async () => void (await process.list()),
  retrieve: async () => void (await process.retrieve(lease)),
});

const faultOf = (act: Promise<void>): Promise<Fault | null> =>
  act.then(
    () => null,
    (error: unknown) => {
      const fault = asFault(error, '');
      claim(fault !== null, `something that is no Fault was thrown: ${String(error)}`);
      return fault;
    },
  );

const told = (fault: Fault | null): string =>
  fault === null ? 'no fault' : `${fault.kind}: ${fault.detail ?? fault.advice}`;
