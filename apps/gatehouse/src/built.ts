import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../..');
/** The programs that have pages. */
export const programsWithPages = (): readonly string[] =>
  readdirSync(join(root, 'apps')).filter((program) => existsSync(join(root, 'apps', program, 'web/vite.config.ts')));

/** What the pages of a program are made of: its own, the shared parts, and the shapes of its API. */
const ofPages = (program: string) => [
  ...[`apps/${program}/web`, `apps/${program}/src/api`],
  ...['packages/ui/src', 'packages/fields/src', 'packages/kernel/src'],
];

/** What the programs of agents are made of, for download and for those that update themselves. */
const ofAgents = {
  collector: ['connectors/src', 'packages/connector-kit/src'],
  'jump-client': ['packages/remote-access/src/jump'],
} as const;
const ofEveryAgent = ['packages/host/src', 'packages/fields/src', 'packages/kernel/src'];

/** Builds the pages when they are missing or made from other sources; answers the folder to serve. */
export const buildPages = async (say: (line: string) => void, program: string): Promise<string> => {
  const web = join(root, 'apps', program, 'web');
  return await buildOnce(join(web, 'dist'), ofPages(program), async () => {
    say(`Building the pages of ${program} …`);
    // Loaded only here: a start that finds its pages built does not wait for a build tool.
    const { build } = await import('vite');
    await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  });
};

/** The program of an agent as one file, with what it needs beside it; answers the folder it is in. */
export const buildAgent = (name: keyof typeof ofAgents): Promise<string> => {
  const folder = join(root, 'apps', name);
  const out = join(folder, 'dist');
  return buildOnce(out, [`apps/${name}`, ...ofAgents[name], ...ofEveryAgent], async () => {
    await promisify(execFile)(process.execPath, [join(folder, 'bundle.ts'), '--out', out]);
  });
};

const buildOnce = async (dist: string, sources: readonly string[], build: () => Promise<void>): Promise<string> => {
  const stamp = join(dist, '.sources');
  const wanted = fingerprint(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return dist;
  await build();
  writeFileSync(stamp, wanted);
  return dist;
};

/** A hash over every source file's path and content. */
const fingerprint = (sources: readonly string[]): string => {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of sources)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).sort((a, b) =>
      join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
    )) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || /[\\/](dist|node_modules)[\\/]/.test(path)) continue;
      hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  return hash.digest('hex');
};
