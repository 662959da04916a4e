import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenSsh, startOpenSsh } from '../../test/servers/openssh/server.ts';

/** `ssh jump ssh target`, with a terminal on both ways, as people do it who have no console. */
export interface NestedSsh extends AsyncDisposable {
  /** Milliseconds that the content of a file takes into nothing, without what signing in takes. */
  read(path: string): Promise<number>;
}

const hop = 'hop';
const options = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'LogLevel=ERROR',
  '-F',
  'none',
];

/** Starts the server in between. One key opens both. */
export const openNested = async (target: OpenSsh, account: string, scratch: string): Promise<NestedSsh> => {
  const jump = await startOpenSsh([{ name: hop, password: 'a planted password of a hop' }], { rekeying: 'usual' });
  const key = join(await mkdtemp(join(scratch, 'ssh-')), 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const publicKey = readFileSync(`${key}.pub`, 'utf8');
  for (const [server, name] of [
    [jump, hop],
    [target, account],
  ] as const)
    await server.asRoot(writeInto(name, 'authorized_keys'), publicKey);
  await jump.asRoot(writeInto(hop, 'key'), readFileSync(key, 'utf8'));

  const time = async (path: string): Promise<number> => {
    const inner = [
      'ssh',
      '-tt',
      ...options,
      '-i',
      '.ssh/key',
      '-p',
      String(target.port),
      `${account}@${target.address}`,
      'cat',
      path,
    ];
    const outer = ['-tt', ...options, '-i', key, '-p', String(jump.port), `${hop}@${jump.address}`];
    const began = performance.now();
    await run('ssh', [...outer, inner.join(' ')]);
    return performance.now() - began;
  };
  return {
    read: async (path) => {
      const signIn = await time('/dev/null');
      return (await time(path)) - signIn;
    },
    [Symbol.asyncDispose]: () => jump.stop(),
  };
};

const writeInto = (name: string, file: string) =>
  `install -d -m 0700 -o ${name} -g ${name} /home/${name}/.ssh; cat > /home/${name}/.ssh/${file}
   chown ${name}: /home/${name}/.ssh/${file}; chmod 0600 /home/${name}/.ssh/${file}`;

/** What it prints goes nowhere. */
const run = async (command: string, args: readonly string[]): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
};
