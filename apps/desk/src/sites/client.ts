import { createHost } from '@gatehouse/host';
import { commandV1, openSend } from '@gatehouse/remote-access/command';
import { reporting } from '@gatehouse/remote-access/reporting';
import { type ConsoleLink, makeConsoleLink, type ScriptAction } from '@gatehouse/remote-access/script';
import type { Sealer } from '@gatehouse/server';
import { type Site, secretOf } from './store.ts';

/** What the desk asks a site. */
export interface SiteClient {
  readonly command: ReturnType<typeof commandV1>;
  readonly reports: ReturnType<typeof reporting>;
  /** Null: the site makes no links for one person. @throws Fault */
  consoleLink(username: string, action: ScriptAction): Promise<ConsoleLink | null>;
}

/** Clients of sites, each with a token that it keeps for as long as its settings stay as they are. */
export type OpenSite = (site: Site) => SiteClient;

const most = 1_000;

/** No traffic until something is asked. `signal` ends what is under way. */
export const openSites = (sealer: Sealer, signal: AbortSignal): OpenSite => {
  const known = new Map<string, SiteClient>();
  return (site) => {
    const { siteId, url, clientId, sealedSecret, certificateAuthorities } = site;
    const key = JSON.stringify([siteId, url, clientId, sealedSecret, certificateAuthorities]);
    const found = known.get(key);
    if (found !== undefined) return found;
    // A person waits, or it is tried again anyway.
    const host = createHost({ signal, attempts: 2, retryMs: 5_000, answerMs: 60_000 });
    const send = openSend(host, {
      ...{ origin: url, clientId, clientSecret: secretOf(sealer, site) },
      ...(certificateAuthorities !== null && { certificateAuthorities }),
    });
    const client: SiteClient = {
      ...{ command: commandV1(send), reports: reporting(send) },
      consoleLink: (username, action) => makeConsoleLink(send, username, action),
    };
    if (known.size >= most) known.clear();
    known.set(key, client);
    return client;
  };
};
