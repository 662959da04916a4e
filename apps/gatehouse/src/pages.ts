import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** What the pages of insights are made of: its own, the shared parts, and the shapes of its API. */
const sources = [
  'apps/insights/web',
  'apps/insights/src/api',
  'packages/ui/src',
  'packages/fields/src',
  'packages/kernel/src',
];

/** Builds the pages when they are missing or made from other sources; answers the folder to serve. */
export const buildPages = async (say: (line: string) => void): Promise<string> => {
  const web = join(root, 'apps/insights/web');
  const dist = join(web, 'dist');
  const stamp = join(dist, '.sources');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return dist;
  say('Building the pages …');
  // Loaded only here: a start that finds its pages built does not wait for a build tool.
  const { build } = await import('vite');
  await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stamp, wanted);
  return dist;
};

/** A hash over every source file's path and content. */
const fingerprint = (): string => {
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
