import type { Sql } from '@gatehouse/database';
import { newId, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Envelope, openSecrets, putSecrets } from '../keys/index.ts';
import { type ImportRow, kindOf, typeOf } from './import-rows.ts';
import { placeOf, type SystemKind } from './model.ts';
import { platformNamed } from './systems.ts';

/** What an import did. Words are those of the audit. */
export interface Imported {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
  readonly systems: readonly string[];
  /** Credentials that got a secret. */
  readonly stored: readonly { readonly systemName: string; readonly namespace: string; readonly accountName: string }[];
}

const batch = 500;

/** Stores rows in the caller's transaction. Rows that say what is stored already change nothing. */
export const storeRows = async (
  tx: Sql,
  envelope: Envelope,
  rows: readonly ImportRow[],
  of: { readonly existing: 'change' | 'keep'; readonly at: Date },
): Promise<Imported> => {
  // Two imports at once would both find a system missing.
  await sql`lock table systems in share row exclusive mode`.execute(tx);
  const done = {
    ...{ created: 0, changed: 0, kept: 0, systems: [] as string[], stored: [] as ImportRow[] },
  };
  for (let from = 0; from < rows.length; from += batch) {
    const placed = await placeRows(tx, rows.slice(from, from + batch), of.at, done.systems);
    const known = await findKnown(tx, placed);
    const writes: Write[] = [];
    for (const one of placed) {
      const before =
        known.get(keyOf(one.systemId, one.row)) ??
        (one.row.secret ? undefined : known.get(keyOf(one.systemId, { ...one.row, isKey: true })));
      if (before !== undefined && of.existing === 'keep') done.kept += 1;
      else writes.push({ ...one, before: before ?? null, credentialId: before?.credentialId ?? newId<string>() });
    }
    await write(tx, envelope, writes, of.at, done);
  }
  return done;
};

interface Placed {
  readonly row: ImportRow;
  readonly systemId: string;
  readonly kind: SystemKind;
}

interface Known {
  readonly credentialId: string;
  readonly comment: string;
  readonly assetTag: string;
  readonly secretId: string | null;
}

interface Write extends Placed {
  readonly before: Known | null;
  readonly credentialId: string;
}

interface Found {
  readonly systemId: string;
  readonly name: string;
  readonly kind: SystemKind;
}

/** The system of each row; those that are missing are made. */
const placeRows = async (tx: Sql, rows: readonly ImportRow[], at: Date, made: string[]): Promise<readonly Placed[]> => {
  const names = [...new Set(rows.map(({ systemName }) => systemName.toLowerCase()))];
  const { rows: systems } = await sql<Found>`
    select system_id as "systemId", name, kind from systems where lower(name) = any(${names})`.execute(tx);
  const placed: Placed[] = [];
  for (const row of rows) {
    const kind = kindOf(row);
    const named = systems.filter(({ name }) => name.toLowerCase() === row.systemName.toLowerCase());
    // An account of a domain may be kept with the computer that it is used on.
    const fitting =
      named.find((one) => one.kind === kind) ?? named.find((one) => isWindows(one.kind) && isWindows(kind));
    const system = fitting ?? (await makeSystem(tx, row, kind, at));
    if (fitting === undefined) {
      systems.push(system);
      made.push(`${system.name} (${kind})`);
    }
    placed.push({ row, systemId: system.systemId, kind: system.kind });
  }
  return placed;
};

const isWindows = (kind: SystemKind) => kind === 'windows' || kind === 'domain';

const makeSystem = async (tx: Sql, row: ImportRow, kind: SystemKind, at: Date): Promise<Found> => {
  const systemId = newId<string>(at.getTime());
  const netbios = kind === 'domain' ? row.namespace : null;
  const dns = kind === 'domain' && row.systemName.includes('.') ? row.systemName : null;
  await sql`insert into systems (system_id, name, kind, domain_netbios, domain_dns, platform_id, created_at)
    values (${systemId}, ${row.systemName}, ${kind}, ${netbios}, ${dns}, ${platformNamed(kind, row.namespace)}, ${at})`.execute(
    tx,
  );
  return { systemId, name: row.systemName, kind };
};

const keyOf = (systemId: string, row: Pick<ImportRow, 'namespace' | 'accountName' | 'instanceName' | 'isKey'>) =>
  JSON.stringify([systemId, row.namespace, row.accountName, row.instanceName, row.isKey]).toLowerCase();

const findKnown = async (tx: Sql, placed: readonly Placed[]): Promise<ReadonlyMap<string, Known>> => {
  const { rows } = await sql<
    Known & Pick<ImportRow, 'namespace' | 'accountName' | 'instanceName' | 'isKey'> & { systemId: string }
  >`
    select c.credential_id as "credentialId", c.system_id as "systemId", c.namespace, c.account_name as "accountName",
      c.instance_name as "instanceName", c.type = 'ssh_key' as "isKey", c.comment, c.asset_tag as "assetTag",
      c.secret_id as "secretId"
    from credentials c where c.system_id = any(${placed.map(({ systemId }) => systemId)}::uuid[])
      and lower(c.account_name) = any(${placed.map(({ row }) => row.accountName.toLowerCase())})
    for no key update of c`.execute(tx);
  return new Map(rows.map(({ systemId, ...row }) => [keyOf(systemId, row), row]));
};

const write = async (
  tx: Sql,
  envelope: Envelope,
  writes: readonly Write[],
  at: Date,
  done: { created: number; changed: number; kept: number; stored: ImportRow[] },
): Promise<void> => {
  const made = writes.filter(({ before }) => before === null);
  await insertAll(tx, made, at);
  const held = await openSecrets(
    tx,
    envelope,
    writes.flatMap(({ before, credentialId }) =>
      before?.secretId ? [{ secretId: before.secretId, place: placeOf(credentialId) }] : [],
    ),
  );
  const isNew = ({ row, before }: Write) =>
    row.secret !== null && held.get(before?.secretId ?? '')?.reveal() !== row.secret.reveal();
  const described = writes.filter(
    ({ row, before }) => before !== null && (before.comment !== row.comment || before.assetTag !== row.assetTag),
  );
  await describeAll(tx, described);
  const storing = writes.filter(isNew);
  await storeAll(tx, envelope, storing, at);
  const touched = new Set([...made, ...described, ...storing]);
  done.created += made.length;
  done.changed += touched.size - made.length;
  done.kept += writes.length - touched.size;
  done.stored.push(...storing.map(({ row }) => row));
};

const insertAll = (tx: Sql, writes: readonly Write[], at: Date) =>
  sql`insert into credentials (credential_id, system_id, namespace, account_name, instance_name, type, is_random, auto_spin,
      comment, asset_tag, created_at)
    select id, system, namespace, account, instance, type, false, false, comment, tag, ${at}
    from unnest(${column(writes, (one) => one.credentialId)}::uuid[], ${column(writes, (one) => one.systemId)}::uuid[],
      ${column(writes, ({ row }) => row.namespace)}::text[], ${column(writes, ({ row }) => row.accountName)}::text[],
      ${column(writes, ({ row }) => row.instanceName)}::text[],
      ${column(writes, ({ row, kind }) => typeOf(row, kind))}::text[], ${column(writes, ({ row }) => row.comment)}::text[],
      ${column(writes, ({ row }) => row.assetTag)}::text[])
      r (id, system, namespace, account, instance, type, comment, tag)`.execute(tx);

const describeAll = (tx: Sql, writes: readonly Write[]) =>
  sql`update credentials c set comment = r.comment, asset_tag = r.tag
    from unnest(${column(writes, (one) => one.credentialId)}::uuid[], ${column(writes, ({ row }) => row.comment)}::text[],
      ${column(writes, ({ row }) => row.assetTag)}::text[]) r (id, comment, tag)
    where c.credential_id = r.id`.execute(tx);

/** Their secrets become the current ones, those before become former ones. */
const storeAll = async (tx: Sql, envelope: Envelope, writes: readonly Write[], at: Date): Promise<void> => {
  const sealing = writes.flatMap(({ row, credentialId }): { secret: Secret; place: string }[] =>
    row.secret ? [{ secret: row.secret, place: placeOf(credentialId) }] : [],
  );
  const secretIds = await putSecrets(tx, envelope, sealing, at);
  const credentialIds = column(writes, (one) => one.credentialId);
  await sql`
    insert into former_secrets (credential_id, secret_id, since, until)
    select credential_id, secret_id, secret_at, ${at} from credentials
    where credential_id = any(${credentialIds}::uuid[]) and secret_id is not null`.execute(tx);
  await sql`
    update credentials c set secret_id = r.secret, secret_at = ${at}, is_verified = null, verified_at = null,
      is_random = false
    from unnest(${credentialIds}::uuid[], ${[...secretIds]}::uuid[]) r (id, secret)
    where c.credential_id = r.id`.execute(tx);
};

const column = <T>(writes: readonly Write[], of: (one: Write) => T): T[] => writes.map(of);
