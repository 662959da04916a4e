import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noOpenSsh, startOpenSsh } from './server.ts';

const reason = noOpenSsh();

const fingerprint = () =>
  ['passwd', 'shadow', 'group', 'pam.d/sshd', 'ssh/sshd_config']
    .map((name) =>
      createHash('sha256')
        .update(readFileSync(`/etc/${name}`))
        .digest('hex'),
    )
    .join();

/** Processes of this machine that call themselves the server at this port. */
const serversAt = (port: number | string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`sshd_config -p ${port} `);
    } catch {
      // It ended while we looked.
      return false;
    }
  });

describe.skipIf(reason !== null)(`a real OpenSSH${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  test('has accounts that the machine does not have, and leaves nothing of it changed or running', async () => {
    const before = [fingerprint(), readdirSync('/home').join()];
    const server = await startOpenSsh([{ name: 'sshtest', password: 'planted-of-a-test' }]);
    expect(await server.asRoot('cut -d: -f1 /etc/passwd; ls /home')).toBe('root\nsshd\nnobody\nsshtest\nsshtest\n');
    await server.asRoot('echo sshtest:planted-other-one | chpasswd; touch /etc/made /run/made /var/log/made');
    expect(serversAt(server.port)).not.toEqual([]);
    await server.stop();
    expect([fingerprint(), readdirSync('/home').join()]).toEqual(before);
    expect(serversAt(server.port)).toEqual([]);
    for (const folder of ['/etc', '/run', '/var/log']) expect(readdirSync(folder)).not.toContain('made');
  });

  test('ends with a process that is killed', async () => {
    const child = spawn(
      process.execPath,
      [
        ...['--input-type=module', '-e'],
        `import { startOpenSsh } from ${JSON.stringify(join(import.meta.dirname, 'server.ts'))};
         console.log((await startOpenSsh([])).port);
         setInterval(() => undefined, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(child.stdout, 'data');
    const port = String(said).trim();
    expect(serversAt(port)).not.toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect.poll(() => serversAt(port), { timeout: 5_000 }).toEqual([]);
  });
});
