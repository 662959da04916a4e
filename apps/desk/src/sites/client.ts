import { createHost } from '@gatehouse/host';
import { commandV1, openSend, type Send } from '@gatehouse/remote-access/command';
import { reporting } from '@gatehouse/remote-access/reporting';
import { type ConsoleLink, makeConsoleLink, type ScriptAction } from '@gatehouse/remote-access/script';
import type { Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { type Site, secretOf } from './store.ts';

/** What the desk asks a site. */
export interface SiteClient {
  readonly command: ReturnType<typeof commandV1>;
  readonly reports: ReturnType<typeof reporting>;
  /** Whether anything answers there, whoever asks. @throws Fault */
  reach(): Promise<void>;
  /** Ids of those whom the site knows by a user name; null: it does not say to this account. @throws Fault */
  findUsers(username: string): Promise<readonly number[] | null>;
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
    const trust = certificateAuthorities === null ? {} : { certificateAuthorities };
    const send = openSend(host, { origin: url, clientId, clientSecret: secretOf(sealer, site), ...trust });
    const stranger = host.http({
      origin: new URL(url).origin,
      system: 'the site',
      authorize: () => undefined,
      ...trust,
    });
    const command = commandV1(send);
    const client: SiteClient = {
      ...{ command, reports: reporting(send), findUsers: (username) => findUsers(send, command, username) },
      async reach() {
        await stranger.fetch('/api/command');
      },
      consoleLink: (username, action) => makeConsoleLink(send, username, action),
    };
    if (known.size >= most) known.clear();
    known.set(key, client);
    return client;
  };
};

const Users = z.array(z.object({ id: z.number(), username: z.string() }));

/** Teams name their members to every account of the Command API, and the Configuration API everybody to those that may. */
const findUsers = async (
  send: Send,
  command: SiteClient['command'],
  username: string,
): Promise<readonly number[] | null> => {
  const is = (name: string | null) => name?.toLowerCase() === username.toLowerCase();
  const teams = await command.getSupportTeams({ members: true });
  const members = teams.flatMap((team) => team.members.filter((one) => is(one.username)).map(({ id }) => id));
  if (members.length > 0) return [...new Set(members)];
  try {
    const query = new URLSearchParams({ username, per_page: '100' });
    const { status, text } = await send({ method: 'GET', path: `/api/config/v1/user?${query}` });
    const found = status === 200 ? Users.safeParse(JSON.parse(text)) : null;
    return found?.success ? found.data.filter((one) => is(one.username)).map(({ id }) => id) : null;
  } catch {
    // Most accounts may not, and not every site has it: then the site itself says so when the key is made.
    return null;
  }
};
