// `npm test`: install, then every check and test on the pinned Node.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { install, node, root } from './bootstrap.mjs';

install();
const pinned = node();
const done = spawnSync(pinned, [join(root, 'scripts/test/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(pinned)}${delimiter}${process.env.PATH}` },
});
process.exit(done.status ?? 1);
