import { deadOrigin, reply, startServer } from '@gatehouse/host/testing';
import { checkConnection } from '../check-connection.ts';
import { type Check, claim, claimAllDone, outcomeOf, type Subject, streamIds, told, withTrial } from './trial.ts';

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
    withTrial(subject, async ({ run }) => {
      const outcome = await run({ settings: subject.settings(await deadOrigin()) });
      claim(outcome.fault?.kind === 'unreachable' && outcome.health === 'failed', `a dead host gave: ${told(outcome)}`);
    }),
};

export const forbiddenStream: Check = {
  name: '403 on one stream is a Warning that names what is missing, and the others finish',
  async prove(subject) {
    const streams = streamIds(subject);
    for (const [i, stream] of streams.entries()) {
      // All streams for the first, then each with its neighbour: all with all is the square of what a connector reads.
      const next = streams[(i + 1) % streams.length] ?? stream;
      await claimWarning(i === 0 ? subject : narrowed(subject, [stream, next]), stream);
    }
  },
};

const claimWarning = (subject: Subject, stream: string): Promise<void> =>
  withTrial(subject, async ({ fake, run, host, origin }) => {
    fake.forbid(stream);
    const outcome = await run();
    const { fault } = outcomeOf(outcome, stream);
    claim(outcome.health === 'warning', `403 on ${stream} gave: ${told(outcome)}`);
    claim(fault?.kind === 'forbidden', `403 on ${stream} became ${fault?.kind ?? 'no fault'}`);
    const needs = subject.connector.streams[stream]?.needs ?? '';
    claim(fault.advice.includes(needs), `403 on ${stream} does not say to grant ${needs}: "${fault.advice}"`);
    const others = outcome.streams.filter((one) => one.stream !== stream);
    // Two streams may need the same permission of the vendor.
    const unfinished = others.filter((one) => one.state !== 'done' && one.fault?.kind !== 'forbidden');
    claim(unfinished.length === 0, `403 on ${stream} also ended ${unfinished.map((one) => one.stream).join(', ')}`);
    const finished = others.length < 2 || others.some((one) => one.state === 'done');
    claim(finished, `403 on ${stream} left no stream that finishes`);
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
  name: '429 with Retry-After is honoured: waited for at least that long, no request before',
  prove: (subject) =>
    withTrial(subject, async ({ fake, run, clock, progress }) => {
      const seconds = 37;
      const times: number[] = [];
      fake.onRequest(() => void times.push(clock.now().getTime()));
      fake.throttleOnce(seconds);
      const outcome = await run();
      claimAllDone(outcome, 'after one 429');
      const refused = fake.requests.findIndex((request) => request.refused === 'throttled');
      claim(refused >= 0, 'no stream was asked for, so nothing was throttled');
      const before = times[refused] ?? 0;
      const early = times.slice(refused + 1).filter((at) => at > before && at < before + seconds * 1_000);
      claim(early.length === 0, `${early.length} requests came while the vendor had asked for silence`);
      // Those already under way when the refusal came carry its very time; all others come after the wait.
      const after = times.slice(refused + 1).filter((at) => at >= before + seconds * 1_000);
      claim(after.length > 0, `nothing was asked again after ${seconds} s`);
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
    for (const stream of streamIds(subject)) {
      for (const how of ['shape', 'html'] as const) {
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
  name: 'a next link to another origin is refused, and the credential does not reach the other server',
  async prove(subject) {
    const other = await startServer({ '*': reply.json([]) });
    let refused = 0;
    try {
      for (const stream of streamIds(subject)) {
        await withTrial(subject, async ({ fake, run }) => {
          fake.foreignNext(stream, other.origin);
          const outcome = await run({ streams: [stream] });
          claim(other.requests.length === 0, `${stream} followed a link to another origin`);
          const fault = outcome.fault ?? outcomeOf(outcome, stream).fault;
          claim(fault === null || fault.kind === 'unexpected', `a foreign link on ${stream} gave: ${told(outcome)}`);
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
    for (const at of [1, 2, 3, 5]) {
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
