import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServedSsh } from '../ssh/serve-ssh.ts';

export { noSsh } from '../ssh/no-ssh.ts';

/** What a command printed on the sample server; null where it does not let this password in. */
export const runThere = async (
  { address, port, account }: Pick<ServedSsh, 'address' | 'port' | 'account'>,
  password: string,
  command: string,
): Promise<string | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-askpass-'));
  const tells = join(folder, 'tells');
  writeFileSync(tells, '#!/bin/sh\nprintf "%s\\n" "$SAMPLE_PASSWORD"\n');
  chmodSync(tells, 0o700);
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'NumberOfPasswordPrompts=1'];
  const child = spawn(
    'ssh',
    [...options.flatMap((one) => ['-o', one]), '-F', 'none', '-p', String(port), `${account}@${address}`, command],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SSH_ASKPASS: tells, SSH_ASKPASS_REQUIRE: 'force', SAMPLE_PASSWORD: password },
    },
  );
  let printed = '';
  let said = '';
  child.stdout.on('data', (part) => {
    printed += part;
  });
  child.stderr.on('data', (part) => {
    said += part;
  });
  await once(child, 'close');
  rmSync(folder, { recursive: true });
  if (/Permission denied/.test(said)) return null;
  if (child.exitCode === 255) throw new Error(said);
  return printed;
};
