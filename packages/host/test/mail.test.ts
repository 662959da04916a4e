import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { type Mail, type MailServer, mailProblemOf, openMailer } from '../src/index.ts';
import { startMailServer, type TestMailServer } from '../src/testing/index.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const server = async (options: Parameters<typeof startMailServer>[0] = {}) => {
  const started = await startMailServer(options);
  closers.push(started.close);
  return started;
};
/** The port of something else than a mail server. */
const listening = async (play: (socket: Socket) => void): Promise<number> => {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    play(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return (listener.address() as AddressInfo).port; // it listens at a port
};
const account = { name: 'desk', password: 'hunter2-of-the-desk' };
const to = (server: Pick<TestMailServer, 'port'>, of: Partial<MailServer> = {}): MailServer => ({
  ...{ system: 'The mail server', host: 'localhost', port: server.port, security: 'starttls', account: null },
  ...of,
});
const open = (server: MailServer, signal = new AbortController().signal) => openMailer(server, { signal });
const mail = (of: Partial<Mail> = {}): Mail => ({
  ...{ id: randomUUID(), from: { address: 'desk@corp.example', name: 'Désk, the "first"' } },
  ...{ to: [{ address: 'carol@customer.example' }], subject: 'Grüße: a key', text: 'Open http://x/\n.\nBye' },
  ...of,
});
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { problem: mailProblemOf(error), printed: inspect(error, { depth: 12 }) };
};

describe('a mail', () => {
  test.each(['tls', 'starttls'] as const)(
    'arrives as it was written over %s, from the account that was entered',
    async (security) => {
      const started = await server({ security, account });
      const proof = { name: account.name, password: new Secret(account.password) };
      const trusted = { security, account: proof, certificateAuthorities: started.certificate };
      const mailer = open(to(started, trusted));
      await mailer.check();
      const one = mail({ html: '<p>Open it</p>', isAutomatic: true });
      expect((await mailer.send(one)).refused).toEqual([]);
      const [taken] = started.taken;
      expect(taken).toMatchObject({
        from: 'desk@corp.example',
        to: ['carol@customer.example'],
        user: 'desk',
        isEncrypted: true,
      });
      expect(taken?.message).toContain(`Message-ID: <${one.id}@corp.example>`);
      expect(taken?.message).toContain('Auto-Submitted: auto-generated');
      expect(taken?.message).toContain('<p>Open it</p>');
      expect(taken?.message).toMatch(/\n\.\n/);
    },
  );

  test('goes to the addresses that the server takes, and names the others', async () => {
    const started = await server({ security: 'none' });
    const { refused } = await open(to(started, { security: 'none' })).send(
      mail({ to: [{ address: 'nobody@x.example' }, { address: 'carol@x.example' }] }),
    );
    expect(refused).toEqual(['nobody@x.example']);
    expect(started.taken[0]?.to).toEqual(['carol@x.example']);
  });

  test.each([
    { subject: 'Hello\r\nBcc: all@corp.example' },
    { subject: 'Hello\u2028Bcc: all@corp.example' },
    { to: [{ address: 'carol@customer.example\r\nRCPT TO:<all@corp.example>' }] },
    { to: [{ address: 'carol@customer.example, all@corp.example' }] },
    { to: [{ address: '<all@corp.example> SIZE=1' }] },
    { to: [{ address: 'carol@customer.example', name: 'Carol\r\nBcc: all@corp.example' }] },
    { from: { address: 'desk@corp.example', name: 'Desk\nBcc: all@corp.example' } },
    { id: 'x>\r\nBcc: all@corp.example' },
    { to: [] },
  ])('with more in a header than its place is not sent: %j', async (of) => {
    const started = await server({ security: 'none' });
    await expect(open(to(started, { security: 'none' })).send(mail(of))).rejects.toThrow();
    expect(started.taken).toEqual([]);
  });
});

describe('a password', () => {
  const proof = { name: account.name, password: new Secret(account.password) };
  test('never goes over a line that anybody can read, unless an administrator said so', async () => {
    const started = await server({ security: 'none', account });
    expect(() => open(to(started, { security: 'none', account: proof }))).toThrow(/unencrypted/);
    const mailer = open(to(started, { security: 'none', account: proof, allowsPlainPassword: true }));
    await mailer.send(mail());
    expect(started.taken[0]).toMatchObject({ user: 'desk', isEncrypted: false });
  });

  test('is not told to a server that does not encrypt, or that nobody vouches for', async () => {
    const heard: string[] = [];
    // It says that it can encrypt, and then does not.
    const port = await listening((socket) => {
      socket.write('220 here\r\n');
      socket.on('data', (bytes) => {
        heard.push(bytes.toString());
        socket.write(bytes.toString().startsWith('EHLO') ? '250-here\r\n250 AUTH PLAIN LOGIN\r\n' : '502 no\r\n');
      });
    });
    expect((await failure(open(to({ port }, { account: proof })).send(mail()))).problem).toBe('no encryption');
    expect(heard.join('')).not.toMatch(/AUTH|MAIL/);
    for (const security of ['tls', 'starttls'] as const) {
      const started = await server({ security, account });
      const { problem } = await failure(open(to(started, { security, account: proof })).send(mail()));
      expect(problem).toBe('certificate');
      const named = to(started, { security, host: '127.0.0.1', certificateAuthorities: started.certificate });
      expect((await failure(open(named).send(mail()))).problem).toBe('certificate');
      expect(started.taken).toEqual([]);
    }
  });

  test('stands in no failure, whatever the server says', async () => {
    const started = await server({ account });
    const wrong = { name: 'desk', password: new Secret('a-wrong-password') };
    const mailer = open(to(started, { account: wrong, certificateAuthorities: started.certificate }));
    for (const work of [() => mailer.check(), () => mailer.send(mail())]) {
      const { problem, printed } = await failure(work());
      expect(problem).toBe('account');
      expect(printed).not.toContain('a-wrong-password');
      expect(printed).not.toContain(Buffer.from('\0desk\0a-wrong-password').toString('base64'));
    }
  });
});

describe('a failure', () => {
  test.each([
    ['sender', 550, 'sender'],
    ['recipient', 550, 'recipient'],
    ['recipient', 451, 'later'],
    ['message', 554, 'message'],
    ['message', 452, 'later'],
    ['drop', 0, 'unknown'],
  ] as const)('at %s with %i says what is to be done: %s', async (step, code, problem) => {
    const started = await server({ security: 'none' });
    started.refuse(step, code);
    const mailer = open(to(started, { security: 'none' }));
    expect((await failure(mailer.send(mail()))).problem).toBe(problem);
    started.refuse(step, null);
    await mailer.send(mail());
  });

  test('comes in time from a server that is silent, and at once when the program stops', async () => {
    const port = await listening(() => undefined);
    const bounds = { connectMs: 300, totalMs: 600 };
    for (const security of ['tls', 'starttls', 'none'] as const) {
      const mailer = open(to({ port }, { security, bounds }));
      expect((await failure(mailer.check())).problem).toBe('no connection');
    }
    const closing = new AbortController();
    const sending = open(to({ port }, { security: 'none' }), closing.signal).send(mail());
    setTimeout(() => closing.abort(new Error('stopping')), 50);
    await expect(sending).rejects.toThrow('stopping');
  });
});
