// Plain JavaScript for any Node from 20 on: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.gatehouse-installed');

/** Ends the process with one sentence for people. */
export const stop = (sentence) => {
  console.error(`\n  ${sentence}\n`);
  process.exit(1);
};

/** Installs exactly what the lockfile says, when it has changed since the last time or nothing is installed. */
export const install = () => {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    stop(
      `Gatehouse cannot install what it needs: the folder ${root} is not writable for this account. Clone it to a folder of yours.`,
    );
  }
  console.log('  Installing what Gatehouse needs (once; about a minute) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const done = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // An add-on folder for another Node, or a production-only setting, must not leak in from the caller.
    env: { ...process.env, NODE_ENV: 'development', npm_config_omit: '', npm_config_ignore_scripts: 'true' },
  });
  if (done.status !== 0)
    stop('The installation did not finish; what npm said stands above. Run the command again when that is mended.');
  writeFileSync(stamp, wanted);
};

/** The pinned Node 24, else the one running when it is 24 or later. */
export const node = () => {
  const pinned = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return stop(
    `There is no Node 24 package for ${process.platform} ${process.arch}. Install Node 24 or later and run the command again.`,
  );
};
