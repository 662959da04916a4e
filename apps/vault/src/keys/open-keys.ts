import type { Database } from '@gatehouse/database';
import { StartFault } from '@gatehouse/database';
import { type Clock, Secret } from '@gatehouse/kernel';
import { createSealer, type KeyRing } from '@gatehouse/server';
import { sql } from 'kysely';
import { createEnvelope, type Envelope } from './envelope.ts';
import { loadMasterKeys, type MasterKeySource, newSalt } from './master-keys.ts';

const known = 'this vault is opened by the master key that sealed it';

/**
 * The envelope of this vault. A vault whose secrets another master key wraps does not open: it says so at the start, and
 * nothing is sealed that the right key could not open.
 * @throws StartFault
 */
export const openKeys = async (database: Database, source: MasterKeySource, clock: Clock): Promise<Envelope> => {
  const masters = await loadMasterKeys(source, () => saltOf(database));
  await database.system(async (tx) => {
    await sql`lock table master_keys in exclusive mode`.execute(tx);
    const { rows } = await sql<{ id: string; text: string }>`
      select key_id as id, check_text as text from master_keys order by first_used_at desc`.execute(tx);
    const held = new Set([masters.current, ...masters.older].map(({ id }) => id));
    const newest = rows[0];
    if (newest !== undefined && !held.has(newest.id)) throw wrongKey(source);
    for (const row of rows) if (held.has(row.id)) prove(masters, row, source);
    if (rows.some(({ id }) => id === masters.current.id)) return;
    const text = createSealer(masters).seal(new Secret(known), ['check']);
    await sql`insert into master_keys (key_id, check_text, first_used_at)
      values (${masters.current.id}, ${text}, ${clock.now()})`.execute(tx);
  });
  return createEnvelope(masters);
};

const prove = (masters: KeyRing, { text }: { text: string }, source: MasterKeySource): void => {
  try {
    if (createSealer(masters).open(text, ['check']).reveal() === known) return;
  } catch {
    // Told below: the sealer speaks of a setting of a connection.
  }
  throw wrongKey(source);
};

const wrongKey = ({ masterKey, masterPassphrase, home }: MasterKeySource): StartFault => {
  const which = masterPassphrase ? 'passphrase' : 'master key';
  const where = masterPassphrase ? '--master-passphrase' : masterKey ? '--master-key' : `${home}/vault.master.key`;
  return new StartFault(
    `The ${which} of ${where} is not the one that this vault was sealed with. Start it with that one; to change it, keep the old key as a further line below the new one.`,
    masterPassphrase ? '--master-passphrase' : '--master-key',
  );
};

const saltOf = (database: Database): Promise<Buffer> =>
  database.system(async (tx) => {
    await sql`insert into master_salt (salt) values (${newSalt()}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ salt: Buffer }>`select salt from master_salt`.execute(tx);
    return rows[0]?.salt ?? newSalt();
  });
