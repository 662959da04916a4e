import { command } from './command.ts';
import { generated } from './generated.ts';
import { importTable } from './import-table.ts';
import { lockfile } from './lockfile.ts';
import { words } from './words.ts';

export interface Check {
  readonly name: string;
  /** What is true when it passes. */
  readonly promise: string;
  /** The problems, each a line that names file and cause; none when all is well. */
  find(): Promise<readonly string[]>;
}

export const checks: readonly Check[] = [
  {
    name: 'types',
    promise: 'the whole tree type-checks, strictly',
    find: command('tsc', ['-p', '.', '--pretty', 'false']),
  },
  { name: 'biome', promise: 'format and lint hold everywhere', find: command('biome', ['ci', '--colors=off', '.']) },
  { name: 'imports', promise: 'every import is one that the import table allows', find: importTable },
  { name: 'unused', promise: 'no file, export or dependency is unused', find: command('knip', ['--no-progress']) },
  { name: 'generated', promise: 'every generator run leaves no difference', find: generated },
  { name: 'lockfile', promise: 'the lockfile installs on every platform, from any registry', find: lockfile },
  { name: 'words', promise: 'names and documents keep to the glossary', find: words },
];
