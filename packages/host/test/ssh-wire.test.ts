import { once } from 'node:events';
import { createServer, type Server as TcpServer } from 'node:net';
import { inspect } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answerer, makeSshKey, openSsh, type SshOptions, sshProblemOf } from '../src/index.ts';

/** A host that does what a test wants; it tells of every attempt to sign in. */
const fakeHost = async (onAuth: (ctx: AuthContext, connection: Connection) => void) => {
  const { privateKey, publicKey } = await makeSshKey('ed25519');
  const attempts: string[] = [];
  const server = new ssh2.Server({ hostKeys: [privateKey.reveal()], banner: 'Every account is locked after a while.' });
  server.on('connection', (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (ctx) => {
      attempts.push(`${ctx.method} ${ctx.username}`);
      onAuth(ctx, connection);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { port, fingerprint: `${publicKey.type} ${publicKey.fingerprint}`, attempts };
};

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const password = 'planted-password';
const optionsFor = (port: number, fingerprint: string, answer?: Answerer): SshOptions => ({
  ...{ host: '127.0.0.1', port, system: 'Fake', account: 'ada' },
  trust: { kind: 'pinned', fingerprints: [fingerprint] },
  proof: { kind: 'password', password: new Secret(password), ...(answer && { answer }) },
  bounds: { connectMs: 2_000, signInMs: 1_000 },
});
const signal = new AbortController().signal;
const failureOf = (options: SshOptions): Promise<unknown> =>
  openSsh(options, { signal }).then(
    (ssh) => ssh.close(),
    (error: unknown) => error,
  );
const denying = (methods: ('password' | 'keyboard-interactive')[]) => (ctx: AuthContext) => ctx.reject(methods);

describe('a host', () => {
  test('with another key sees no attempt to sign in, not even the name of the account', async () => {
    const host = await fakeHost((ctx) => ctx.accept());
    const other = (await makeSshKey('ed25519')).publicKey;
    const fault = await failureOf(optionsFor(host.port, `${other.type} ${other.fingerprint}`));
    expect(fault).toMatchObject({ kind: 'misconfigured', problem: 'host key' });
    expect(host.attempts).toEqual([]);
    expect(sshProblemOf(await failureOf(optionsFor(host.port, host.fingerprint)))).toBe('no proof asked');
    expect(host.attempts).toEqual(['none ada']);
  });

  test('that lets anybody in has proved nothing', async () => {
    const host = await fakeHost((ctx) => ctx.accept());
    expect(await failureOf(optionsFor(host.port, host.fingerprint))).toMatchObject({
      kind: 'misconfigured',
      problem: 'no proof asked',
    });
  });

  test('that speaks of locked accounts to everybody is not believed', async () => {
    const host = await fakeHost(denying(['password']));
    expect(await failureOf(optionsFor(host.port, host.fingerprint))).toMatchObject({ problem: 'refused' });
    expect(host.attempts).toEqual(['none ada', 'password ada']);
  });

  test('that takes the password and asks for more gets no more without somebody to answer', async () => {
    const asked: string[] = [];
    const host = await fakeHost((ctx) => {
      if (ctx.method !== 'keyboard-interactive') return ctx.reject(['keyboard-interactive']);
      ctx.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        asked.push(...answers);
        ctx.prompt([{ prompt: 'Code: ', echo: true }], (more) => {
          asked.push(...more);
          if (more[0] === '123456') ctx.accept();
          else ctx.reject();
        });
      });
    });
    expect(await failureOf(optionsFor(host.port, host.fingerprint))).toMatchObject({ problem: 'question' });
    expect(asked).toEqual([password]);
    const ssh = await openSsh(
      optionsFor(host.port, host.fingerprint, () => [new Secret('123456')]),
      { signal },
    );
    ssh.close();
    expect(asked).toEqual([password, password, '123456']);
  });

  test('that asks for ever is left', async () => {
    const host = await fakeHost((ctx) => {
      if (ctx.method !== 'keyboard-interactive') return ctx.reject(['keyboard-interactive']);
      const again = () => ctx.prompt([{ prompt: 'Again: ', echo: false }], again);
      again();
    });
    const options = optionsFor(host.port, host.fingerprint, () => [new Secret('planted-answer')]);
    expect(await failureOf(options)).toMatchObject({ problem: 'question' });
  });

  test('that echoes the password into its words does not get it into a fault', async () => {
    const host = await fakeHost((ctx) => {
      if (ctx.method !== 'keyboard-interactive') return ctx.reject(['keyboard-interactive']);
      ctx.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        ctx.prompt([{ prompt: `${answers[0]} is a strange password. Another: `, echo: false }], () => ctx.reject());
      });
    });
    const fault = await failureOf(optionsFor(host.port, host.fingerprint));
    expect(inspect(fault)).toContain('strange password');
    expect(inspect(fault)).not.toContain(password);
  });

  test('that goes away after the password leaves open why', async () => {
    const host = await fakeHost((ctx, connection) => {
      if (ctx.method === 'none') ctx.reject(['password']);
      else connection.end();
    });
    expect(await failureOf(optionsFor(host.port, host.fingerprint))).toMatchObject({
      kind: 'unreachable',
      problem: 'closed',
    });
  });

  test('that says nothing, or no SSH, is left in time', async () => {
    const silent = await listening(() => undefined);
    const strange = await listening((write) => write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    for (const port of [silent, strange]) {
      const options = { ...optionsFor(port, `SHA256:${'A'.repeat(43)}`), bounds: { connectMs: 300 } };
      expect(await failureOf(options)).toMatchObject({ kind: 'unreachable', problem: 'no connection' });
    }
    const slow = await fakeHost(() => undefined);
    const options = { ...optionsFor(slow.port, slow.fingerprint), bounds: { signInMs: 300 } };
    expect(await failureOf(options)).toMatchObject({ kind: 'unreachable', problem: 'timeout' });
  });
});

const listening = async (greet: (write: (text: string) => void) => void): Promise<number> => {
  const server: TcpServer = createServer((socket) => {
    socket.on('error', () => undefined);
    greet((text) => socket.end(text));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
