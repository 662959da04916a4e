import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { jumpPaths } from '@gatehouse/remote-access/jump';
import { type SiteWay, wayTo } from '../settings/index.ts';
import { siteSystem } from './serves.ts';

/** The most bytes of one file of a version. */
const largest = 100 * 2 ** 20;

/** A file of the version that the site offers; null: its signed manifest. @throws Fault */
export const fetchRelease = async (site: SiteWay, file: string | null, signal: AbortSignal): Promise<Uint8Array> => {
  const http = createHost({ signal, attempts: 1 }).http({
    ...{ origin: site.url, system: siteSystem, timeoutMs: 120_000, maxBytes: largest },
    ...wayTo(site),
  });
  const path = file === null ? jumpPaths.release : `${jumpPaths.release}/${encodeURIComponent(file)}`;
  const answer = await http.fetch(path, { method: 'GET' });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new Fault('unreachable', `The site answers ${answer.status} to ${path}.`);
};
