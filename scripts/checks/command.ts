import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A check that is another tool's verdict: its output when it ends with anything but 0. */
export const command = (name: string, args: readonly string[]) => (): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', name), args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let said = '';
    const keep = (chunk: string) => {
      said += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = said.split('\n').filter((line) => line.trim() !== '');
      resolve(code === 0 ? [] : lines.length > 0 ? lines : [`${name} ended with ${code}`]);
    });
  });
