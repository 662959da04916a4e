// `npm start`: install, then `gatehouse up` on the pinned Node.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, node, root } from './bootstrap.mjs';

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`\n  Gatehouse needs Node 20 or later to start; this is ${process.version}.\n`);
  process.exit(1);
}
install();
const child = spawn(node(), [join(root, 'apps/gatehouse/src/main.ts'), 'up', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: process.env,
});
// The terminal sends Ctrl-C to both; this process only waits, so that the exit code is the one of `up`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
