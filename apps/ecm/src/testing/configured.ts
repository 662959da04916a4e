import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '@gatehouse/host/agent';
import { Secret } from '@gatehouse/kernel';
import { type Entered, writeSettings } from '../settings/index.ts';

/** Folders of tests, removed together. */
export const openFolders = () => {
  const folders: string[] = [];
  return {
    make(): string {
      const folder = mkdtempSync(join(tmpdir(), 'gatehouse-ecm-'));
      folders.push(folder);
      return folder;
    },
    remove() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** An ECM that is configured for this site and this vault, and not started. */
export const configure = (
  home: string,
  site: string,
  values: Entered,
  more: {
    plugin?: string;
    certificateAuthorities?: string;
    siteProxy?: string;
    vaultProxy?: string;
    secret?: string;
  } = {},
): Promise<void> =>
  writeSettings(realDisk, home, {
    ...{
      name: 'ecm-1',
      site: { url: site, certificateAuthorities: more.certificateAuthorities ?? null, proxy: more.siteProxy ?? null },
    },
    vaultProxy: more.vaultProxy ?? null,
    ...{ clientId: 'client-1', clientSecret: new Secret('client-secret'), logLevel: 'debug' },
    plugin: { id: more.plugin ?? 'memory', values, secret: [more.secret ?? 'password'] },
  });

/** Everything below a folder as text, to search it. */
export const textIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');

/** Resolves as soon as it is true; rejects with what is known when it does not become so. */
export const until = async (isTrue: () => boolean, about: () => string = () => '', ms = 15_000): Promise<void> => {
  const end = Date.now() + ms;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`It did not become true. ${about()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
