import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startShadow } from './shadow.ts';
import { isListening, noRdp, startXrdp } from './xrdp.ts';

const reason = noRdp();

/** Processes of this machine whose words hold this one. */
const running = (word: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
    } catch {
      // It ended while we looked.
      return false;
    }
  });

describe.skipIf(reason !== null)(`real remote desktops${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  test('have accounts that the machine does not have, and leave nothing of it changed or running', async () => {
    const before = ['/etc/passwd', '/etc/shadow', '/etc/xrdp/xrdp.ini'].map((path) => readFileSync(path, 'utf8'));
    const server = await startXrdp([{ name: 'desktest', password: 'planted-of-a-test' }]);
    expect(await server.asRoot('cut -d: -f1 /etc/passwd; ls /home')).toBe('root\nnobody\ndesktest\ndesktest\n');
    expect(isListening(server.port)).toBe(true);
    await server.stop();
    expect(['/etc/passwd', '/etc/shadow', '/etc/xrdp/xrdp.ini'].map((path) => readFileSync(path, 'utf8'))).toEqual(
      before,
    );
    await expect.poll(() => isListening(server.port)).toBe(false);
  });

  test('a desktop with network level authentication ends with its display', async () => {
    const shadow = await startShadow([]);
    const word = `/port:${shadow.port}`;
    expect(running(word)).toHaveLength(1);
    await shadow.stop();
    expect(running(word)).toEqual([]);
    expect(isListening(shadow.port)).toBe(false);
  });
});
