import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What xmllint has against a document; empty: nothing. */
export const complaintsOf = async (schema: string, document: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-xml-'));
  try {
    await writeFile(join(folder, 'schema.xsd'), schema);
    await writeFile(join(folder, 'document.xml'), document);
    await promisify(execFile)('xmllint', ['--nonet', '--noout', '--schema', 'schema.xsd', 'document.xml'], {
      cwd: folder,
    });
    return '';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
