import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { key, startFresh } from '../testing/fresh.ts';
import { until } from '../testing/installed.ts';

const program = join(import.meta.dirname, '../testing/collector-process.ts');
const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const reason = hasTerminal ? '' : ' (skipped: no script of util-linux)';

test.skipIf(!hasTerminal)(
  `at a terminal secrets are not shown as they are typed, and a wrong answer is asked again${reason}`,
  async () => {
    const fresh = await startFresh();
    const { server, directory, home } = fresh;
    const words = [process.execPath, program, 'install', '--no-service', '--home', home];
    const child = spawn('script', ['-qfec', words.join(' '), '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const typed: readonly (readonly [string, string])[] = [
      ['Server:', 'http://insights.example'],
      ['Plain http:// is only for this very machine', server.url],
      ['Installation key:', key],
      ['What to read', 'okta'],
      ['Answer active-directory', 'active-directory'],
      ['Address:', directory.origin],
      ['Account:', 'reader'],
      ['Password:', directory.knobs.password],
      ['Certificate authority', ''],
      ['Folder of event files', ''],
      ['audit log', ''],
      ['Port for forwarded events', ''],
    ];
    try {
      let seen = 0;
      for (const [prompt, answer] of typed) {
        await until(
          () => shown.indexOf(prompt, seen) >= 0,
          () => shown,
        );
        seen = shown.indexOf(prompt, seen) + prompt.length;
        child.stdin.write(`${answer}\r`);
      }
      const [code] = await once(child, 'exit');
      expect(shown).toContain('Registered as "Head office"');
      expect(code).toBe(0);
      expect(shown).toContain(directory.origin);
      for (const secret of [key, directory.knobs.password]) expect(shown).not.toContain(secret);
    } finally {
      child.kill('SIGKILL');
      await fresh.close();
    }
  },
  60_000,
);
