import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';

/** What can be had by a link: words of a support session, one of its files or screens, or the recording of another. */
export const kinds = ['chat', 'file', 'screen', 'desktop', 'shell'] as const;
export type Kind = (typeof kinds)[number];

export interface Thing {
  readonly lsid: string;
  readonly kind: Kind;
  /** Of a file, a screen or a shell; empty where a session has one of its kind. */
  readonly id: string;
}

/** Links that open without a sign-in, for a day at most. */
export interface Links {
  /** As programs know it: `/session_download?lsid=l%3D…%3Bh%3D…%3Bt%3Dsd%3Bm%3Dchat&…&dl_action=chat`. */
  make(thing: Thing, now: Date): string;
  isValid(thing: Thing, expires: number, mac: string, now: Date): boolean;
}

const context = ['site', 'downloads'];
const validSeconds = 86_400;

/** With the secret of this site, which is made once, sealed, and the same for every copy. */
export const openLinks = async (database: Database, sealer: Sealer): Promise<Links> => {
  const fresh = sealer.seal(new Secret(randomBytes(32).toString('base64')), context);
  const sealed = await database.system(async (tx) => {
    await sql`insert into download_secret (sealed) values (${fresh}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ sealed: string }>`select sealed from download_secret`.execute(tx);
    return rows[0]?.sealed ?? fresh;
  });
  const secret = sealer.open(sealed, context);
  /** 160 of its bits, because programs expect 40 hexadecimal digits. */
  const macOf = ({ lsid, kind, id }: Thing, expires: number): Buffer =>
    createHmac('sha256', secret.reveal())
      .update(JSON.stringify([lsid, kind, id, expires]))
      .digest()
      .subarray(0, 20);
  return {
    make(thing, now) {
      // One link for whoever asks in the same hour: programs that ask often see that nothing changed.
      const expires = Math.floor(now.getTime() / 3_600_000) * 3_600 + validSeconds;
      const { lsid, kind, id } = thing;
      const named = `l=${lsid};h=${macOf(thing, expires).toString('hex')};t=sd;m=${kind}`;
      const which = id === '' ? '' : `&id=${encodeURIComponent(id)}`;
      return `/session_download?lsid=${encodeURIComponent(named)}${which}&expires=${expires}&dl_action=${kind}`;
    },
    isValid(thing, expires, mac, now) {
      if (!/^[0-9a-f]{40}$/i.test(mac) || now.getTime() >= expires * 1_000) return false;
      return timingSafeEqual(Buffer.from(mac, 'hex'), macOf(thing, expires));
    },
  };
};
