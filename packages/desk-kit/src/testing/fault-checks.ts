import { asFault, createHost } from '@gatehouse/host';
import { deadOrigin, overhear, reply, startServer, textsOf } from '@gatehouse/host/testing';
import { type Fault, toFault } from '@gatehouse/kernel';
import { checkDesk, type StepResult } from '../check.ts';
import { type Check, claim, newSession, type Process, processOf, type Settings, type Subject } from './subject.ts';

const acts = ({ desk, client }: Process, number: string): Readonly<Record<string, () => Promise<unknown>>> => ({
  findTicket: () => desk.findTicket(client, number),
  findTicketsByField: () => desk.findTicketsByField(client, 'sessionIds', newSession()),
  findPeople: () => desk.findPeople(client, { login: 'somebody' }),
  setFields: () => desk.setFields(client, number, { sessionKey: 'x' }, null),
  addNote: () =>
    desk.addNote(
      client,
      number,
      { marker: { session: newSession(), part: 'summary', revision: 1 }, title: 't', html: 'x' },
      null,
    ),
});

const faultOf = (act: () => Promise<unknown>): Promise<Fault | null> =>
  act().then(
    () => null,
    (error: unknown) => {
      const fault = asFault(error, '');
      claim(fault !== null, `something that is no Fault was thrown: ${String(error)}`);
      return fault;
    },
  );

const told = (fault: Fault | null) => (fault === null ? 'no fault' : `${fault.kind}: ${fault.detail ?? fault.advice}`);

const each = async (subject: Subject, settings: Settings, number: string, kind: Fault['kind'], when: string) => {
  for (const [what, act] of Object.entries(acts(processOf(subject, settings), number))) {
    const fault = await faultOf(act);
    claim(fault?.kind === kind, `${when} ${what} gave ${told(fault)}`);
    claim(fault.advice.length > 20 && (fault.detail ?? '').length < 1_300, `${when} ${what} says "${fault.advice}"`);
  }
};

export const wrongCredential: Check = {
  name: 'a credential that opens nothing is unauthorized, whatever is asked',
  async prove(subject, under) {
    const number = await under.makeTicket('locked');
    await each(subject, under.wrongCredential, number, 'unauthorized', 'with a wrong credential');
  },
};

export const deadHost: Check = {
  name: 'a dead host is unreachable, whatever is asked',
  async prove(subject, under) {
    await each(subject, under.settings(await deadOrigin()), '1', 'unreachable', 'with a dead host');
  },
};

export const strangeAnswers: Check = {
  name: 'a web page or another shape instead of an answer is unexpected, with a readable detail',
  async prove(subject, under) {
    for (const strange of [reply.html('Sign in'), reply.json({ strange: [1, 'two'] })]) {
      const { origin, close } = await startServer({ '*': strange });
      try {
        await each(subject, under.settings(origin), '1', 'unexpected', 'after a strange answer');
      } finally {
        await close();
      }
    }
  },
};

export const abortStops: Check = {
  name: 'whatever is under way ends with the host’s signal',
  async prove(subject, under) {
    const number = await under.makeTicket('aborted');
    const names = Object.keys(acts(processOf(subject, under.settings(under.origin)), number));
    for (const name of names) {
      const process = processOf(subject, under.settings(under.origin));
      const going = acts(process, number)
        [name]?.()
        .then(
          () => 'went on',
          () => 'ended',
        );
      process.controller.abort(new Error('stopped'));
      claim((await going) === 'ended', `${name} went on to its end`);
    }
  },
};

export const checked = async (subject: Subject, settings: unknown): Promise<readonly StepResult[]> => {
  const host = createHost({ signal: AbortSignal.timeout(100_000), attempts: 1 });
  const results: StepResult[] = [];
  for await (const result of checkDesk({ desk: subject.desk, settings, host })) results.push(result);
  return results;
};

export const checkTells: Check = {
  name: 'a check of good settings passes at every step, and each missing right is named by its own',
  async prove(subject, under) {
    const good = await checked(subject, under.settings(under.origin));
    const bad = good.filter(({ ok }) => ok !== true);
    claim(bad.length === 0, `good settings fail: ${bad.map(({ id, sentence }) => `${id}: ${sentence}`).join(' | ')}`);
    claim(good.length >= 5 && new Set(good.map(({ id }) => id)).size === good.length, 'two steps have one id');
    claim(under.rights.length > 0, 'no right was taken away');
    for (const { right, step, settings } of under.rights) {
      const results = await checked(subject, settings);
      const found = results.find(({ id }) => id === step);
      claim(found?.ok === false, `without ${right} the step ${step} is ${found?.ok}: ${found?.sentence}`);
      claim(found.sentence.includes(right), `without ${right} the step ${step} does not name it: ${found.sentence}`);
      claim(results.length === good.length, `without ${right} the check has ${results.length} steps of ${good.length}`);
    }
  },
};

export const checkGoesOn: Check = {
  name: 'a check never throws half-way: what fails is told, and what hangs on it is not tried',
  async prove(subject, under) {
    const good = await checked(subject, under.settings(under.origin));
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['a dead host', under.settings(await deadOrigin()), 'reachable'],
      ['a wrong credential', under.wrongCredential, 'signed-in'],
      ['settings that are none', { nonsense: 1 }, 'settings'],
    ];
    for (const [what, settings, id] of cases) {
      const results = await checked(subject, settings);
      const at = results.findIndex((one) => one.id === id);
      claim(results[at]?.ok === false, `with ${what} the step ${id} is ${results[at]?.ok}`);
      claim(
        results.slice(0, at).every(({ ok }) => ok !== false),
        `with ${what} a step before ${id} failed`,
      );
      claim(
        results.slice(at + 1).every(({ ok }) => ok === null),
        `with ${what} a step after ${id} was tried`,
      );
      claim(what.startsWith('settings') || results.length === good.length, `with ${what} steps are missing`);
    }
    const unknown = await checked(subject, under.unknownField.settings);
    const failed = unknown.filter(({ ok }) => ok === false);
    claim(
      failed.length === 1 && failed[0]?.id === `field-${under.unknownField.field}`,
      `an unknown field fails ${failed.map(({ id }) => id).join() || 'nothing'}`,
    );
  },
};

export const secretsStaySecret: Check = {
  name: 'no secret is in any log line, error, result or JSON',
  async prove(subject, under) {
    const printed: string[] = [];
    const restore = overhear(printed);
    try {
      const number = await under.makeTicket('secret');
      const seen: Record<string, unknown> = {};
      const dead = await deadOrigin();
      for (const [i, settings] of [
        under.settings(under.origin),
        under.settings(dead),
        under.wrongCredential,
      ].entries()) {
        const process = processOf(subject, settings);
        for (const [what, act] of Object.entries(acts(process, number)))
          seen[`${what} ${i}`] = await act().catch(toFault);
        seen[`log ${i}`] = process.log;
        seen[`check ${i}`] = await checked(subject, settings);
      }
      for (const [where, text] of Object.entries(textsOf({ ...seen, printed })))
        for (const secret of under.secrets)
          claim(!text.includes(secret), `a secret beginning with "${secret.slice(0, 4)}" is in: ${where}`);
    } finally {
      restore();
    }
  },
};

/** Everything that a credential may be made of. */
const odd = ['a b', 'pä$$wörd', '"\'`\\', '%2F?&#=;:,', 'x'.repeat(2_000), '☃', 'a\tb'];

export const oddCredentials: Check = {
  name: 'a credential of any characters is sent or refused by name, and never breaks a request',
  async prove(subject, under) {
    const number = await under.makeTicket('odd');
    for (const credential of odd) {
      const settings = under.withCredential(credential);
      const fault = await faultOf(() => acts(processOf(subject, settings), number).findTicket?.() ?? Promise.resolve());
      claim(
        fault?.kind === 'unauthorized' || fault?.kind === 'misconfigured',
        `${credential.slice(0, 20)} gave ${told(fault)}`,
      );
    }
  },
};
