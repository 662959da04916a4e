import { checkConnection } from '../check-connection.ts';
import { openDecoy } from './decoy.ts';
import { askingStreamIds, type Check, claim, claimAllDone, outcomeOf, type Subject, told, withTrial } from './trial.ts';

export const wrongCredential: Check = {
  name: 'a wrong credential is unauthorized',
  prove: (subject) =>
    withTrial(subject, async ({ fake, run, host, origin }) => {
      fake.refuseCredentials();
      const outcome = await run();
      claim(
        outcome.fault?.kind === 'unauthorized' && outcome.health === 'failed',
        `a wrong credential gave: ${told(outcome)}`,
      );
      claim(
        outcome.streams.every(({ state }) => state === 'skipped'),
        'streams were read with a wrong credential',
      );
      const check = await checkConnection({ connector: subject.connector, settings: subject.settings(origin), host });
      claim(check.fault?.kind === 'unauthorized', `testing the connection gave: ${check.fault?.kind ?? 'no fault'}`);
    }),
};

export const deadHost: Check = {
  name: 'a dead host is unreachable',
  prove: (subject) =>
    withTrial(subject, async ({ run, stop }) => {
      await stop();
      const outcome = await run();
      claim(outcome.fault?.kind === 'unreachable' && outcome.health === 'failed', `a dead host gave: ${told(outcome)}`);
    }),
};

export const forbiddenStream: Check = {
  name: 'what is forbidden on one stream is a Warning that names what is missing, and the others finish',
  async prove(subject) {
    await claimUnasked(subject);
    const streams = askingStreamIds(subject);
    for (const [i, stream] of streams.entries()) {
      // All streams for the first, then each with its neighbour: all with all is the square of what a connector reads.
      const next = streams[(i + 1) % streams.length] ?? stream;
      await claimWarning(i === 0 ? subject : narrowed(subject, [stream, next]), stream);
    }
  },
};

/** What is left out here and below because nobody can refuse it: it asks for nothing that the check has not asked. */
const claimUnasked = async (subject: Subject): Promise<void> => {
  const asked = (streams: readonly string[]) =>
    withTrial(subject, async ({ fake, run }) => {
      claimAllDone(await run({ streams }), `reading ${streams.join(', ')}`);
      return fake.requests.length;
    });
  const { unasked = [] } = subject.fake();
  if (unasked.length === 0) return;
  const [withThem, without] = [await asked(unasked), await asked([])];
  claim(withThem === without, `${unasked.join(', ')} ask the vendor ${withThem - without} times`);
};

const claimWarning = (subject: Subject, stream: string): Promise<void> =>
  withTrial(subject, async ({ fake, run, host, origin }) => {
    fake.forbid(stream);
    const outcome = await run();
    const { fault } = outcomeOf(outcome, stream);
    claim(outcome.health === 'warning', `refusing ${stream} gave: ${told(outcome)}`);
    claim(fault?.kind === 'forbidden', `refusing ${stream} became ${fault?.kind ?? 'no fault'}`);
    const needs = subject.connector.streams[stream]?.needs ?? '';
    claim(fault.advice.includes(needs), `refusing ${stream} does not say to grant ${needs}: "${fault.advice}"`);
    const others = outcome.streams.filter((one) => one.stream !== stream);
    // Two streams may need the same permission of the vendor.
    const unfinished = others.filter((one) => one.state !== 'done' && one.fault?.kind !== 'forbidden');
    claim(unfinished.length === 0, `refusing ${stream} also ended ${unfinished.map((one) => one.stream).join(', ')}`);
    const finished = others.length < 2 || others.some((one) => one.state === 'done');
    claim(finished, `refusing ${stream} left no stream that finishes`);
    const check = await checkConnection({ connector: subject.connector, settings: subject.settings(origin), host });
    const probed = check.streams.find((one) => one.stream === stream);
    const isSaid = probed?.ok === false && probed.advice?.includes(needs) === true;
    claim(isSaid, `testing the connection says that ${stream} can be read`);
  });

/** The same connector with some of its streams. */
const narrowed = (subject: Subject, streams: readonly string[]): Subject => {
  const { connector } = subject;
  const kept = Object.entries(connector.streams).filter(([id]) => streams.includes(id));
  return { ...subject, connector: { ...connector, streams: Object.fromEntries(kept) } };
};

export const throttled: Check = {
  name: 'a vendor that has too much to do is waited for, at least for as long as it asks, with no request before',
  prove: (subject) =>
    withTrial(subject, async ({ fake, run, clock, progress }) => {
      const times: number[] = [];
      fake.onRequest(() => void times.push(clock.now().getTime()));
      const seconds = fake.throttleOnce(37);
      const outcome = await run();
      claimAllDone(outcome, 'after one refusal of the vendor that has too much to do');
      const refused = fake.requests.findIndex((request) => request.refused === 'throttled');
      claim(refused >= 0, 'no stream was asked for, so nothing was throttled');
      const before = times[refused] ?? 0;
      const early = times.slice(refused + 1).filter((at) => at > before && at < before + seconds * 1_000);
      claim(early.length === 0, `${early.length} requests came while the vendor had asked for silence`);
      // Those already under way when the refusal came carry its very time; all others come after the wait.
      const after = times.slice(refused + 1).filter((at) => at > before && at >= before + seconds * 1_000);
      claim(after.length > 0, `nothing was asked again after ${seconds} s, or without a wait`);
      const together = times.slice(refused + 1).filter((at) => at === before);
      claim(together.length <= 8, `${together.length} requests ignored the refusal`);
      claim(
        progress.some(({ waits }) => waits.length > 0),
        'the run did not say that it waits',
      );
    }),
};

export const strangeBody: Check = {
  name: 'a strange body is unexpected, with a readable detail',
  async prove(subject) {
    for (const stream of askingStreamIds(subject)) {
      for (const how of subject.fake().strangeness) {
        await withTrial(subject, async ({ fake, run }) => {
          fake.answerStrange(stream, how);
          const outcome = await run({ streams: [stream] });
          const fault = outcome.fault ?? outcomeOf(outcome, stream).fault;
          claim(fault?.kind === 'unexpected', `a strange answer (${how}) on ${stream} gave: ${told(outcome)}`);
          const detail = fault.detail ?? '';
          const isReadable = detail.length >= 10 && detail.length <= 1_200 && !detail.includes('[object Object]');
          claim(isReadable, `a strange answer (${how}) on ${stream} has no readable detail: "${detail.slice(0, 200)}"`);
        });
      }
    }
  },
};

export const foreignLink: Check = {
  name: 'an answer that goes on elsewhere is not followed there, and no credential reaches the other server',
  async prove(subject) {
    const other = await openDecoy();
    let refused = 0;
    try {
      for (const stream of askingStreamIds(subject)) {
        await withTrial(subject, async ({ fake, run }) => {
          fake.pointElsewhere(stream, other.address);
          const outcome = await run({ streams: [stream] });
          claim(other.visits() === 0, `${stream} followed a link to another origin`);
          const fault = outcome.fault ?? outcomeOf(outcome, stream).fault;
          // Where a directory says who holds the rest, whoever made the connection can do something about it.
          const isSaid = fault === null || fault.kind === 'unexpected' || fault.kind === 'misconfigured';
          claim(isSaid, `a foreign link on ${stream} gave: ${told(outcome)}`);
          if (fault !== null) refused++;
        });
      }
    } finally {
      await other.close();
    }
    claim(refused > 0, 'no stream said that it refused a link to another origin: a cut list looks like a whole one');
  },
};

export const abortStops: Check = {
  name: 'abort stops within one request',
  async prove(subject) {
    // Requests that were sent together may arrive after the one that aborts; the host sends at most four at once.
    const together = 4;
    const asked = await withTrial(subject, async ({ fake, run }) => {
      fake.capPages(1);
      await run();
      return fake.requests.length;
    });
    // Whoever hears it while signing in need not hear it in the middle of a list.
    for (const at of [1, 2, 3, 5, Math.floor(asked / 2)]) {
      await withTrial(subject, async ({ fake, run, controller }) => {
        fake.capPages(1);
        fake.onRequest(() => {
          if (fake.requests.length === at) controller.abort(new Error('cancelled'));
        });
        const outcome = await run();
        // Requests of someone who does not listen would come now.
        for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
        const more = fake.requests.length - at;
        if (more < 0) return;
        claim(outcome.aborted, `aborted at request ${at}, the run went on to its end`);
        claim(more < together, `aborted at request ${at}, ${more} more were sent`);
      });
    }
  },
};
