import { asFault } from '@gatehouse/host';
import type { Listing } from '../vault.ts';
import { type Check, claim, type Process, type Subject, secretOf, type Trial, withTrial } from './trial.ts';
import type { Fate } from './vault-fake.ts';

type Way = Exclude<Fate, 'served'>;
/** Of a process that ends. A request that never arrives leaves what the step before it left, and that was tried already. */
const dying: readonly Way[] = ['unanswered'];
const living: readonly Way[] = ['lost', 'unanswered'];
/** No plugin takes that many steps for one credential; a loop that finds no end is a broken plugin. */
const mostSteps = 60;

export const retrievedOnce: Check = {
  name: 'retrieving twice for one lease takes one credential, not two, whichever process asks',
  prove: (subject) =>
    eachListing(subject, async (trial, listing, process) => {
      const lease = trial.lease(listing);
      const first = await process.retrieve(lease);
      const held = trial.fake.held();
      claim(held.length <= 1, `one lease of ${listing.label} holds ${held.join(', ')}`);
      for (const other of [process, trial.process(), trial.process(process)]) {
        const again = await other.retrieve(lease);
        const now = trial.fake.held();
        claim(now.length === held.length, `asking again for ${listing.label} holds ${now.join(', ')}`);
        claim(again.kind === first.kind, `asking again for ${listing.label} gives another kind of credential`);
        // Where something is handed out, one process must not make what another one got worthless.
        const isSame = other !== process || held.length === 0 || secretOf(again) === secretOf(first);
        claim(isSame, `asking again for ${listing.label} gives another secret`);
      }
    }),
};

export const releasedTwice: Check = {
  name: 'releasing once gives everything back, and releasing again or never having asked is a success',
  prove: (subject) =>
    eachListing(subject, async (trial, listing, process) => {
      await process.release(trial.lease(listing));
      const lease = trial.lease(listing);
      await process.retrieve(lease);
      await process.release(lease);
      const held = trial.fake.held();
      claim(held.length === 0, `after the release of ${listing.label} somebody still holds ${held.join(', ')}`);
      await process.release(lease);
      await trial.process().release(lease);
    }),
};

export const releaseIsPrecise: Check = {
  name: 'releasing one lease, also twice, takes nothing from another',
  prove: (subject) =>
    eachListing(subject, async (trial, listing, process) => {
      const [one, other] = [trial.lease(listing), trial.lease(listing)];
      await process.retrieve(one);
      await process.release(one);
      await process.retrieve(other);
      const held = trial.fake.held();
      await process.release(one);
      const left = trial.fake.held();
      claim(left.length === held.length, `a second release of ${listing.label} took ${held.join(', ')} from another`);
      await process.release(other);
      claim(trial.fake.held().length === 0, `${listing.label} is still held`);
    }),
};

export const crashWhileRetrieving: Check = {
  name: 'a crash at any step of retrieving leaves nothing handed out once it is released',
  prove: (subject) => eachCrash(subject, async (trial, lease) => trial.process().release(lease)),
};

export const crashAndAskAgain: Check = {
  name: 'after a crash at any step of retrieving, asking again for the lease holds one credential, and releases it',
  prove: (subject) =>
    eachCrash(subject, async (trial, lease, crashed) => {
      // Tokens outlive the process.
      const next = trial.process(crashed);
      await next.retrieve(lease);
      const held = trial.fake.held();
      claim(held.length <= 1, `asking again holds ${held.join(', ')}`);
      await next.release(lease);
    }),
};

export const crashWhileReleasing: Check = {
  name: 'a crash at any step of releasing leaves nothing handed out once it is released again',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      await everyStep(
        dying,
        async (at, how) =>
          withTrial(subject, async (trial) => {
            const process = trial.process();
            const lease = trial.lease(listing);
            await process.retrieve(lease);
            const releasing = trial.process();
            const crash = trial.crash(releasing, at, how);
            await releasing.release(lease).catch(() => undefined);
            await trial.fake.settled();
            trial.fake.decide(() => 'served');
            await trial.process().release(lease);
            claimAllBack(trial, `releasing ${listing.label} crashed at step ${at} (${how})`);
            return crash.happened;
          }),
        true,
      );
    }),
};

export const brokenConnection: Check = {
  name: 'a connection that breaks at any request ends in a success or an unreachable vault, and releases all the same',
  prove: (subject) =>
    eachListing(subject, async (_, listing) => {
      await everyStep(living, async (at, how) =>
        withTrial(subject, async (trial) => {
          const lease = trial.lease(listing);
          let request = 0;
          trial.fake.decide(() => (++request === at ? how : 'served'));
          await trial
            .process()
            .retrieve(lease)
            .catch((error: unknown) => {
              const kind = asFault(error, '')?.kind;
              claim(
                kind === 'unreachable',
                `request ${at} (${how}) for ${listing.label} gave ${kind ?? String(error)}`,
              );
            });
          await trial.fake.settled();
          const held = trial.fake.held();
          claim(
            held.length <= 1,
            `request ${at} (${how}) for ${listing.label} was sent again and holds ${held.join(', ')}`,
          );
          const happened = request >= at;
          trial.fake.decide(() => 'served');
          await trial.process().release(lease);
          claimAllBack(trial, `request ${at} (${how}) for ${listing.label} broke`);
          return happened;
        }),
      );
    }),
};

/** Does something with every credential that the fake lists, each in a trial of its own. */
export const eachListing = async (
  subject: Subject,
  work: (trial: Trial, listing: Listing, process: Process) => Promise<void>,
): Promise<void> => {
  const listings = await withTrial(subject, ({ process }) => process().list());
  claim(listings.length > 0, 'nothing is listed, so nothing was tried');
  for (const listing of listings) await withTrial(subject, (trial) => work(trial, listing, trial.process()));
};

const eachCrash = (
  subject: Subject,
  goOn: (trial: Trial, lease: ReturnType<Trial['lease']>, crashed: Process) => Promise<void>,
): Promise<void> =>
  eachListing(subject, async (_, listing) => {
    await everyStep(dying, async (at, how) =>
      withTrial(subject, async (trial) => {
        const lease = trial.lease(listing);
        const process = trial.process();
        const crash = trial.crash(process, at, how);
        const ended = await process.retrieve(lease).then(
          () => 'ended',
          () => 'failed',
        );
        claim(crash.happened || ended === 'ended', `${listing.label} cannot be retrieved`);
        await trial.fake.settled();
        trial.fake.decide(() => 'served');
        await goOn(trial, lease, process);
        claimAllBack(trial, `retrieving ${listing.label} crashed at step ${at} (${how})`);
        return crash.happened;
      }),
    );
  });

const claimAllBack = ({ fake }: Trial, when: string): void => {
  const held = fake.held();
  claim(held.length === 0, `${when}: released, yet somebody holds ${held.join(', ')}`);
};

/** Until a step is beyond the last one. There may be none where nothing is to be given back. */
const everyStep = async (
  ways: readonly Way[],
  tried: (at: number, how: Way) => Promise<boolean>,
  mayBeNone = false,
): Promise<void> => {
  for (const how of ways) {
    let at = 1;
    while (await tried(at, how)) {
      at++;
      claim(at <= mostSteps, `more than ${mostSteps} steps for one credential`);
    }
    claim(at > 1 || mayBeNone, 'nothing was asked, so nothing could break');
  }
};
