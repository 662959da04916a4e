#!/usr/bin/env node
// `gatehouse`: runs the command line on the pinned Node, whatever Node called it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, node, root } from '../../../scripts/bootstrap.mjs';

install();
const child = spawn(node(), [join(root, 'apps/gatehouse/src/main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  // What was compiled once is not compiled again at the next start, in this process and those it starts.
  env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/gatehouse'), ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
