import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Acting } from '../acting.ts';
import { nothingThere } from '../checkouts/index.ts';
import {
  type Credential,
  type CredentialName,
  findCredentialsByName,
  isNamed,
  type SystemKind,
} from '../credentials/index.ts';
import { hasAllAccess, type Right, type Rights, rightsOn } from '../delegation/index.ts';
import { Refusal } from '../refusal.ts';
import { name, optional, part, required, wholeNumber } from './members.ts';

/** How a body names the account of a system. */
export interface Naming {
  readonly systemName: string;
  /** Null: any, as with the others. */
  readonly namespace: string | null;
  readonly accountName: string;
  readonly instanceName: string | null;
  readonly kinds: readonly SystemKind[] | null;
  /** Left out, a password goes before a key of the same account. */
  readonly credentialType: 'Password' | 'SSHKey' | null;
  /** The member that a complaint names. */
  readonly member: string;
}

const CredentialTypeMember = z
  .enum(['Password', 'SSHKey', ''], 'must be Password or SSHKey')
  .nullish()
  .transform((text) => text || null);

/** Left out is any; '' is none. */
const InstanceName = name().nullish();

/** Jobs, spins and requests name an account so. */
export const flatNaming = {
  SystemName: required(),
  Namespace: optional(),
  AccountName: required(),
  InstanceName,
  CredentialType: CredentialTypeMember,
};

export const toNaming = (body: z.output<z.ZodObject<typeof flatNaming>>): Naming => ({
  ...{
    systemName: body.SystemName,
    ...splitName(body.AccountName, body.Namespace),
    kinds: null,
    member: 'AccountName',
  },
  ...{ instanceName: body.InstanceName ?? null, credentialType: body.CredentialType },
});

/** Check-outs and check-ins name an account so. */
export const AccountIdentificationInfo = part({
  AccountName: required(),
  AccountStore: part({
    TargetName: required(),
    Type: wholeNumber(0, 1_000),
    CustomTypeName: optional(),
    InstanceName,
  }),
  CredentialType: CredentialTypeMember,
});

export const toStoreNaming = (info: z.output<typeof AccountIdentificationInfo>): Naming => {
  const { TargetName, Type, CustomTypeName, InstanceName } = info.AccountStore;
  const named = splitName(info.AccountName, '');
  const type = Type ?? 0;
  const kinds = type === 0 ? null : kindsOfType[type];
  const member = 'AccountIdentificationInfo.AccountStore.Type';
  if (kinds === undefined) throw new Refusal('invalid', `${member}: ${type} is no kind of account store.`);
  const byType = type === 22 ? '[SQLServer]' : type === 99 && CustomTypeName !== '' ? `[${CustomTypeName}]` : null;
  return {
    ...{ systemName: TargetName, ...named, namespace: named.namespace ?? byType, kinds },
    ...{ instanceName: InstanceName ?? null, credentialType: info.CredentialType },
    member: 'AccountIdentificationInfo.AccountName',
  };
};

const splitName = (accountName: string, namespace: string) => {
  const slash = accountName.indexOf('\\');
  if (namespace !== '' || slash <= 0) return { namespace: namespace === '' ? null : namespace, accountName };
  return { namespace: accountName.slice(0, slash), accountName: accountName.slice(slash + 1) };
};

const kindsOfType: Readonly<Record<number, readonly SystemKind[]>> = {
  ...{ 1: ['windows', 'domain'], 4: ['linux'], 20: ['postgresql'], 21: ['mysql'], 99: ['other'] },
  // Kept from before passwords were changed there, or with a custom platform of that name.
  22: ['sqlserver', 'other'],
};

/** The number of its kind of account store. */
export const typeOfStore = ({ systemKind, namespace }: Pick<Credential, 'systemKind' | 'namespace'>): number =>
  systemKind === 'other' && namespace.toLowerCase() === '[sqlserver]' ? 22 : typeOfKind[systemKind];

const typeOfKind: Readonly<Record<SystemKind, number>> = {
  ...{ windows: 1, domain: 1, linux: 4, postgresql: 20, mysql: 21, sqlserver: 22, other: 99 },
};

export const credentialTypeOf = ({ type }: Pick<Credential, 'type'>) => (type === 'ssh_key' ? 'SSHKey' : 'Password');

export interface Found {
  readonly credential: Credential;
  readonly rights: Rights;
}

/**
 * The one credential that a name means, among those that the actor may know of.
 * @throws Refusal `not_found`; `invalid` where it means several
 */
export const findNamed = async (tx: Sql, { actor }: Acting, naming: Naming): Promise<Found> => {
  const { systemName, namespace, accountName, instanceName, kinds, credentialType, member } = naming;
  const whole = { systemName, namespace, accountName, ...(instanceName !== null && { instanceName }) };
  const [named, rights] = await Promise.all([findCredentialsByName(tx, whole), rightsOnNamed(tx, actor, whole)]);
  const fitting = named.filter(
    (one) =>
      (kinds === null || kinds.includes(one.systemKind)) &&
      (credentialType === null || credentialTypeOf(one) === credentialType),
  );
  const known = fitting.flatMap((credential) => {
    const held = rights.get(credential.credentialId);
    return held?.viewAccounts ? [{ credential, rights: held }] : [];
  });
  const passwords = known.filter(({ credential }) => credentialTypeOf(credential) === 'Password');
  const meant = credentialType === null && passwords.length > 0 ? passwords : known;
  const [one, ...others] = meant;
  if (one === undefined) throw nothingThere();
  if (others.length > 0)
    throw new Refusal(
      'invalid',
      `${member}: several accounts have this name. Say which by namespace, instance or type.`,
    );
  return one;
};

const rightsOnNamed = async (
  tx: Sql,
  actor: Acting['actor'],
  name: CredentialName,
): Promise<ReadonlyMap<string, Rights>> => {
  const { rows } = await sql<Record<Right, boolean> & { credentialId: string }>`
    select r.credential_id as "credentialId", r.view_accounts as "viewAccounts", r.view_passwords as "viewPasswords",
      r.request_passwords as "requestPasswords", r.grant_requests as "grantRequests",
      r.remote_sessions as "remoteSessions", r.spin
    from ${rightsOn(actor, { allAccess: hasAllAccess(actor) })} r
    where r.credential_id in (select c.credential_id from credentials c join systems s using (system_id) where ${isNamed(name)})`.execute(
    tx,
  );
  return new Map(rows.map(({ credentialId, ...rights }) => [credentialId, rights]));
};
