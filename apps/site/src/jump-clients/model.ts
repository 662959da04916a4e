import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { type Clock, Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { jumpClient, jumpClientInstaller } from '../api/jump-clients.ts';
import { type ObjectRow, present } from '../api/shape.ts';
import { type Author, createObject, type Kind } from '../objects/index.ts';

export const jumpClients: Kind = {
  shape: jumpClient,
  noun: 'jump-client',
  reads: 'pinned_jump_clients',
  writes: 'jump_clients',
  search: ['name', 'hostname', 'tag', 'comments'],
  remove: async (tx, { id, client_key, public_key }) => {
    await sql`insert into unpinned_jump_clients (client_key, public_key) values (${client_key}, ${public_key})
      on conflict do nothing`.execute(tx);
    await sql`delete from jump_clients where id = ${id}`.execute(tx);
  },
};

export const jumpClientInstallers: Kind = {
  shape: jumpClientInstaller,
  noun: 'jump-client-installer',
  reads: 'jump_client_installer_list',
  writes: 'jump_client_installers',
  search: ['name', 'tag', 'comments'],
  check: async (_tx, { connection_type, jumpoint_proxy }) => [
    ...(connection_type === 'passive'
      ? [{ field: 'connection_type', message: 'Jump Clients only ever connect outwards: choose "active".' }]
      : []),
    ...(jumpoint_proxy === ''
      ? []
      : [{ field: 'jumpoint_proxy', message: 'Jumpoints are no proxies: leave it empty.' }]),
  ],
};

export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new installer, and its key, which nobody can read again. @throws Refusal */
export const addInstaller = async (
  { tx, by, clock }: { readonly tx: Sql; readonly by: Author; readonly clock: Clock },
  given: ObjectRow,
): Promise<{ readonly installer: ObjectRow; readonly key: Secret }> => {
  const [installer_id, secret] = [randomBytes(16).toString('hex'), randomBytes(32).toString('base64url')];
  const minutes = typeof given.valid_duration === 'number' ? given.valid_duration : 1_440;
  const expiration_timestamp = new Date(clock.now().getTime() + minutes * 60_000);
  const kind: Kind = {
    ...jumpClientInstallers,
    extra: () => ({ installer_id, expiration_timestamp, secret_hash: secretHash(secret) }),
  };
  const row = await createObject(tx, by, { kind }, given);
  return { installer: present(jumpClientInstaller, row), key: new Secret(`${installer_id}.${secret}`) };
};
