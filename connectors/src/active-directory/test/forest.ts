import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDirectory, type Directory } from '../fake/index.ts';

/** Everything that two real domains held, beside the project; tests that need them are skipped without them. */
export const forestFolder = resolve(import.meta.dirname, '../../../../../shared/corpora/active-directory');

/** The files of one domain: its own partition, and those of the forest as its controller saw them. */
export const ldifOf = (domain: string): readonly { readonly name: string; readonly text: string }[] =>
  readdirSync(join(forestFolder, domain))
    .filter((name) => name.endsWith('.ldif'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(forestFolder, domain, name), 'utf8') }));

/** A directory with what a controller of that domain held. The root DSE comes first, because it names the partitions. */
export const directoryOf = (domain: string): Directory => {
  const directory = createDirectory();
  const files = ldifOf(domain);
  for (const { name, text } of files) if (name === 'RootDSE.ldif') directory.load(text);
  for (const { name, text } of files) if (name !== 'RootDSE.ldif') directory.load(text);
  return directory;
};
