import { timingSafeEqual } from 'node:crypto';
import type { Database, Sql } from '@gatehouse/database';
import { type Clock, newId } from '@gatehouse/kernel';
import { Enrolled, Enrolment, jumpPaths } from '@gatehouse/remote-access/jump';
import { type App, audit, Problem } from '@gatehouse/server';
import { sql } from 'kysely';
import { secretHash } from './model.ts';
import { findByPublicKey, isUnpinnedMachine } from './store.ts';

interface Installer {
  readonly id: number;
  readonly secretHash: Buffer;
  readonly expiresAt: Date;
  readonly uses: number;
  readonly mayName: boolean;
  readonly mayTag: boolean;
  readonly mayComment: boolean;
  readonly mayChooseGroup: boolean;
}

/** Jump Clients that one key installs. */
const mostUses = 10_000;
/** A minute, from one address: machines behind one address are installed together, and nobody guesses many keys. */
const perMinute = 60;

/** Where a Jump Client is pinned: the key of an installer for a key of the machine. Once for each machine. */
export const serveEnrolment = (
  app: App,
  { database, clock, releaseKey }: { readonly database: Database; readonly clock: Clock; readonly releaseKey: string },
): void => {
  app.post(
    jumpPaths.enrol,
    {
      bodyLimit: 20_000,
      config: { access: 'program', rateLimit: { max: perMinute } },
      schema: {
        ...{ summary: 'Pin a Jump Client', tags: ['jump clients'], body: Enrolment, response: { 200: Enrolled } },
        description: 'Exchanges the key of an installer for the right to prove oneself with a key of the machine.',
      },
    },
    async ({ body, ip, id }) =>
      database.system(async (tx) => ({
        ...(await enrol(tx, body, { address: ip, correlationId: id, now: clock.now() })),
        releaseKey,
      })),
  );
};

interface From {
  readonly address: string;
  readonly correlationId: string;
  readonly now: Date;
}

const enrol = async (tx: Sql, given: Enrolment, from: From): Promise<Omit<Enrolled, 'releaseKey'>> => {
  const installer = await requireInstaller(tx, given.installerKey.trim(), from.now);
  // Where the answer was lost it is asked again, with the same key of the machine.
  const known = await findByPublicKey(tx, given.publicKey);
  if (known !== null) return { clientKey: known.clientKey, name: known.name };
  if (await isUnpinnedMachine(tx, given.publicKey)) throw refused('This machine was unpinned. Install it anew.');
  if (installer.uses >= mostUses) throw refused('This installer has installed as many Jump Clients as it may.');
  const { about } = given;
  const clientKey = newId<string>();
  const group = installer.mayChooseGroup && given.jumpGroup ? await requireGroup(tx, given.jumpGroup) : null;
  const { rows } = await sql<{ id: number; name: string }>`
    insert into jump_clients (client_key, public_key, name, jump_group_id, jump_group_type, tag, comments,
      jump_policy_id, session_policy_id, max_offline_minutes, hostname, fqdn, operating_system, private_ip, public_ip,
      console_user, install_mode, version, allows_shell, allows_files, allows_hosts, pinned_at, seen_at)
    select ${clientKey}, ${given.publicKey},
      coalesce(nullif(${(installer.mayName && given.name) || ''}, ''), nullif(i.name, ''), left(${about.hostname}, 128)),
      coalesce(${group}::int, i.jump_group_id), case when ${group}::int is null then i.jump_group_type else 'shared' end,
      coalesce(${(installer.mayTag ? given.tag : null) ?? null}, i.tag),
      coalesce(${(installer.mayComment ? given.comments : null) ?? null}, i.comments),
      i.jump_policy_id, i.session_policy_id, i.max_offline_minutes, ${about.hostname}, ${about.fqdn},
      ${about.operatingSystem}, ${about.privateIp}, ${from.address}, ${about.consoleUser}, ${about.installMode},
      ${about.version}, ${about.allows.shell}, ${about.allows.files}, ${about.allows.hosts}, ${from.now}, ${from.now}
    from jump_client_installers i where i.id = ${installer.id} returning id, name`.execute(tx);
  const made = rows[0];
  if (made === undefined) throw refused(usedUp);
  await sql`update jump_client_installers set uses = uses + 1 where id = ${installer.id}`.execute(tx);
  await audit(
    tx,
    {
      principal: { kind: 'program', id: `installer ${installer.id}`, name: 'Jump Client installer' },
      correlationId: from.correlationId,
    },
    {
      action: 'jump-client.pin',
      target: made.name,
      change: { id: made.id, hostname: about.hostname, address: from.address, installer: installer.id },
    },
  );
  return { clientKey, name: made.name };
};

/** Held until the end of the transaction, so that its uses are counted. @throws Problem, the same for whatever is wrong */
const requireInstaller = async (tx: Sql, key: string, now: Date): Promise<Installer> => {
  const [, installerId = '', secret = ''] = /^([0-9a-f]{32})\.([\w-]{43})$/.exec(key) ?? [];
  const { rows } = await sql<Installer>`
    select id, secret_hash as "secretHash", expiration_timestamp as "expiresAt", uses,
      allow_override_name as "mayName", allow_override_tag as "mayTag", allow_override_comments as "mayComment",
      allow_override_jump_group as "mayChooseGroup"
    from jump_client_installers where installer_id = ${installerId} for update`.execute(tx);
  const [found] = rows;
  const isOpen = found !== undefined && timingSafeEqual(found.secretHash, secretHash(secret)) && found.expiresAt > now;
  if (!isOpen) throw refused(usedUp);
  return found;
};

const requireGroup = async (tx: Sql, codeName: string): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    select id from jump_groups where lower(code_name) = lower(${codeName})`.execute(tx);
  if (rows[0] === undefined) throw refused(`There is no Jump Group with the code name ${codeName}.`);
  return rows[0].id;
};

const usedUp = 'The site does not take this key: it has expired, was deleted, or is mistyped. Make a new installer.';
const refused = (detail: string) => new Problem(401, 'installer-key', 'Not pinned', detail);
