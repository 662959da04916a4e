import { openPage, until } from '@gatehouse/site/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noOpenSsh } from '../../../test/servers/openssh/server.ts';
import { type Person, type SessionPath, startSessionPath } from '../src/testing/session-path.ts';

const reason = noOpenSsh();
const planted = 'planted-7f31-in-an-answer';
const head = (type: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
/** What a vault may answer that is broken, or what stands before it. */
const garbage: Readonly<Record<string, readonly [text: string, isEndless?: boolean]>> = {
  'a web page': [`${head('text/html')}<!doctype html><title>Sign in</title><script>"${planted}"</script>`],
  'JSON that breaks off': [`${head('application/json')}{"Password":"${planted}`],
  'an error': [
    `${head('application/json', '500 Internal Server Error')}{"Password":"${planted}","at":"Module._compile"}`,
  ],
  'a body that never ends': [`${head('application/json')}{"Password":"${planted}"`, true],
};

describe.skipIf(reason !== null)(
  `a session over networks that break${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let path: SessionPath;
    let ada: Person;
    beforeAll(async () => {
      path = await startSessionPath();
      ada = await path.person('ada');
      await path.connected(ada);
      // Chooses the credential while the vault answers.
      await path.end(ada, (await path.open(ada)).id);
      await path.givenBack();
      await path.changed();
    }, 300_000);
    afterAll(() => path?.close());

    afterEach(() => {
      for (const line of Object.values(path.lines)) line.pass();
    });

    /** How a session ended that was asked for now, in a page of its own, and after how long. */
    const tried = async () => {
      const began = performance.now();
      const id = await path.ask(ada);
      // Where it failed at once there is nothing to look at.
      const page = await openPage(ada, id).catch(() => null);
      const ended = await path.ended(ada, id);
      page?.socket.terminate();
      return { ...ended, ms: performance.now() - began };
    };
    const listed = async () => {
      const began = performance.now();
      const { status, body } = await path.listCredentials(ada);
      return { status, detail: String(body.detail), ms: performance.now() - began };
    };
    const soon = 6_000;

    test('where the vault is cut off, silent or answers nonsense the person is told so in words and in time, and nothing stays out', async () => {
      const { ecmVault } = path.lines;
      const breaks: Readonly<Record<string, readonly [() => void, RegExp]>> = {
        'cut off': [ecmVault.cut, /^The vault cannot be asked at the moment\. Tell an administrator: .{20,}/],
        silent: [ecmVault.hold, /^The vault, or the ECM that asks it, did not answer in time\. Try again/],
        ...Object.fromEntries(
          Object.entries(garbage).map(([name, [text, isEndless = false]]) => [
            name,
            [
              () => ecmVault.answer(text, isEndless),
              isEndless
                ? /did not answer in time/
                : /^The vault cannot be asked at the moment\. Tell an administrator: /,
            ] as const,
          ]),
        ),
      };
      for (const [name, [begin, words]] of Object.entries(breaks)) {
        begin();
        const [list, session] = await Promise.all([listed(), tried()]);
        expect([name, list.status]).toEqual([name, 503]);
        expect(session, name).toMatchObject({
          ending: 'failed',
          recording: 'none',
          problem: expect.stringMatching(words),
        });
        expect(list.detail, name).toMatch(words);
        expect(Math.max(list.ms, session.ms), name).toBeLessThan(soon);
        for (const told of [list.detail, session.problem])
          for (const leak of [planted, 'script', '_compile']) expect(told, name).not.toContain(leak);
        // What was silent goes on where it was; what was garbled is gone.
        if (name !== 'silent') ecmVault.cut();
        ecmVault.pass();
      }
      await path.givenBack();
      await path.end(ada, (await path.open(ada)).id);
      await path.givenBack();
      expect(await path.ecm.log()).not.toContain(planted);
      expect(path.site.log()).not.toContain(planted);
    });

    test('a site and an ECM that lose each other keep sessions going, and give back what ended meanwhile', async () => {
      const { ecmSite } = path.lines;
      const [first, second] = [await path.open(ada), await path.open(ada)];
      ecmSite.cut();
      await path.end(ada, first.id);
      expect((await tried()).problem).toMatch(/^(No ECM is connected|The ECM was lost)/);
      second.type('echo goes-on-$((1+1))\n');
      await second.shown('goes-on-2');
      ecmSite.pass();
      await path.connected(ada);
      ecmSite.hold();
      const held = await tried();
      expect(held).toMatchObject({ problem: expect.stringMatching(/did not answer in time/) });
      expect(held.ms).toBeLessThan(soon);
      second.type('echo and-on-$((2+2))\n');
      await second.shown('and-on-4');
      await path.end(ada, second.id);
      ecmSite.pass();
      await path.givenBack();
    });

    test('a person whose line is cut or silent hears nothing more, and their session ends by itself', async () => {
      const { personSite } = path.lines;
      for (const begin of [personSite.cut, personSite.hold]) {
        const session = await path.open(ada);
        const beats = () => session.messages.filter(({ type }) => type === 'beat');
        await until(() => beats().length > 1);
        expect(beats()[0]).toEqual({ type: 'beat', nextMs: 1_000 });
        begin();
        const state = async () => (await path.site.operator().get(`/api/sessions/${session.id}`)).body;
        await until(async () => (await state()).state === 'ended', state);
        expect(await state()).toMatchObject({ ending: 'left', recording: 'kept' });
        personSite.pass();
        await session.closed;
        await path.givenBack();
      }
    });

    test('an endpoint that is cut off or silent ends its sessions with words, also before they have opened', async () => {
      const { siteSsh } = path.lines;
      const lost = expect.stringMatching(/^The connection to (the endpoint|web1) was lost\.$/);
      const open = await path.open(ada);
      siteSsh.cut();
      expect(await path.ended(ada, open.id)).toMatchObject({
        ...{ ending: 'failed', problem: lost, recording: 'kept' },
      });
      expect((await tried()).problem).toMatch(/^web1 did not answer by SSH at 127\.0\.0\.1:\d+\. Check/);
      siteSsh.pass();
      const other = await path.open(ada);
      siteSsh.hold();
      const opening = tried();
      other.type('echo nobody hears this\n');
      expect(await path.ended(ada, other.id)).toMatchObject({
        ...{ ending: 'failed', problem: lost, recording: 'kept' },
      });
      expect(await opening).toMatchObject({
        ...{ ending: 'failed', problem: expect.stringMatching(/^web1 did not answer by SSH/) },
      });
      siteSsh.pass();
      await path.givenBack();
    });

    test('a vault that cannot reach its system loses no password, hands out none that is about to change, and changes it when it can', async () => {
      const { vaultSsh } = path.lines;
      const first = await path.kept();
      const session = await path.open(ada);
      vaultSsh.cut();
      await path.end(ada, session.id);
      await path.givenBack();
      await until(async () => /refused|did not answer/.test((await path.lastJob()).message), path.lastJob);
      // What was good is good still.
      const second = await path.open(ada);
      vaultSsh.pass();
      await path.end(ada, second.id);
      await until(async () => (await path.lastJob()).state === 'succeeded', path.lastJob);
      const changed = await path.kept();
      expect(changed).not.toBe(first);

      const third = await path.open(ada);
      vaultSsh.hold();
      await path.end(ada, third.id);
      await until(() => vaultSsh.held > 0);
      expect((await tried()).problem).toMatch(/cannot do this at the moment\. It says: This password is being changed/);
      vaultSsh.pass();
      await until(async () => (await path.lastJob()).state === 'succeeded', path.lastJob);
      expect(await path.kept()).not.toBe(changed);
      await path.end(ada, (await path.open(ada)).id);
      await path.givenBack();
    });
  },
);
