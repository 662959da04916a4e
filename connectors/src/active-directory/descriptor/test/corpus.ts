import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLdif } from '../../fake/ldif.ts';

const folder = join(import.meta.dirname, '../../../../../../shared/corpora/active-directory');
export const isMissing = !existsSync(folder);
if (isMissing && process.env.CI === 'true') throw new Error(`the recordings are missing: ${folder}`);
/** For titles: tests that need the recordings are skipped without them. */
export const reason = isMissing ? ' (skipped: no ../shared/corpora/active-directory)' : '';

export interface RecordedObject {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
  /** Its most specific class. */
  readonly objectClass: string;
  readonly descriptor: Buffer | null;
}

/** Every object of two real domains of one forest, with their Configuration and Schema partitions. */
export const readCorpus = (): readonly RecordedObject[] =>
  isMissing
    ? []
    : globSync('*/*.ldif', { cwd: folder })
        .toSorted()
        .flatMap((file) => [...readLdif(readFileSync(join(folder, file), 'utf8'))])
        .map(({ dn, attributes }) => ({
          ...{ dn, attributes, objectClass: attributes.get('objectClass')?.at(-1)?.toString() ?? '' },
          descriptor: attributes.get('nTSecurityDescriptor')?.[0] ?? null,
        }));

/** How many `nTSecurityDescriptor` lines the files have, counted without reading them as LDIF. */
export const countDescriptorLines = (): number =>
  isMissing
    ? 0
    : globSync('*/*.ldif', { cwd: folder })
        .map((file) => readFileSync(join(folder, file), 'utf8').match(/^nTSecurityDescriptor::/gm)?.length ?? 0)
        .reduce((sum, count) => sum + count, 0);
