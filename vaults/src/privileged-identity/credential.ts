import type { Credential, Listing, Protocol } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { TemplateRow } from './settings.ts';

/** One line of what an identity may see. */
export const Seen = z.object({
  Kind: z.enum(['Stored', 'Shared']),
  SystemName: z.string().max(500),
  Namespace: z.string().max(500).nullish(),
  AccountName: z.string().min(1).max(500),
  InstanceName: z.string().max(500).nullish(),
  SharedCredentialListName: z.string().max(500).nullish(),
  AccountStoreType: z.number().int().nullish(),
  CredentialType: z.string().max(100).nullish(),
  ApprovalNeeded: z.boolean().nullish(),
});
export type Seen = z.output<typeof Seen>;

/** What names a credential to the vault. */
const Stored = z.tuple([
  z.literal('stored'),
  z.number().int(),
  z.string().max(500), // system
  z.string().max(500), // namespace
  z.string().min(1).max(500), // account
  z.string().max(500), // instance
]);
const Shared = z.tuple([z.literal('shared'), z.string().max(500), z.string().max(500), z.string().min(1).max(500)]);
const Named = z.union([Stored, Shared]);
export type Named = z.output<typeof Named>;

export const toNamed = (seen: Seen): Named =>
  seen.Kind === 'Shared'
    ? ['shared', seen.SharedCredentialListName ?? '', seen.SystemName, seen.AccountName]
    : [
        'stored',
        seen.AccountStoreType ?? 0,
        seen.SystemName,
        seen.Namespace ?? '',
        seen.AccountName,
        seen.InstanceName ?? '',
      ];

/** As `Listing.credential` has it. */
export const toText = (named: Named): string => JSON.stringify(named);

/** Null for a text that `toText` has not written. */
export const toNamedAgain = (text: string): Named | null => {
  try {
    return Named.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** The account of a stored credential, as jobs and requests name it. */
export const accountOf = ([, , SystemName, Namespace, AccountName, InstanceName]: z.output<typeof Stored>) => ({
  ...{ SystemName, Namespace, AccountName, InstanceName },
});

/** Which operations check a credential out and in, and the member of their bodies that names it. */
export const checkingOf = (named: Named): { readonly operation: string; readonly body: Record<string, unknown> } => {
  if (named[0] === 'shared') {
    const [, SharedCredentialListName, SystemName, AccountName] = named;
    return {
      operation: 'AccountStoreOps_SharedCredential',
      body: { SharedCredentialIdentifier: { SharedCredentialListName, SystemName, AccountName } },
    };
  }
  const [, Type, TargetName, namespace, name, InstanceName] = named;
  const CustomTypeName = Type === 99 ? (/^\[(.*)\]$/.exec(namespace)?.[1] ?? '') : '';
  return {
    operation: 'AccountStoreOps_StoredCredential',
    body: {
      AccountIdentificationInfo: {
        AccountName: namespace === '' ? name : `${namespace}\\${name}`,
        AccountStore: { TargetName, Type, CustomTypeName, InstanceName },
        PasswordList: '',
      },
    },
  };
};

export const kindOf = (type: string | null | undefined): Credential['kind'] =>
  type === 'SSHKey' ? 'ssh-key' : 'password';

/** A namespace in brackets names a kind of system, not a domain. */
export const domainOf = (namespace: string | null | undefined): string | null =>
  namespace === '' || namespace === null || namespace === undefined || namespace.startsWith('[') ? null : namespace;

/** What people choose by. An entry of a list is called by the list, and by its account where there are several. */
export const labelOf = (seen: Seen, isOneOfSeveral: boolean): string => {
  const domain = domainOf(seen.Namespace);
  const name = domain === null ? seen.AccountName : `${domain}\\${seen.AccountName}`;
  const list = seen.SharedCredentialListName ?? '';
  if (seen.Kind === 'Shared' && list !== '') return isOneOfSeveral ? `${list} (${name})` : list;
  const notes = [seen.InstanceName ?? '', kindOf(seen.CredentialType) === 'ssh-key' ? 'SSH key' : ''];
  const said = notes.filter((note) => note !== '').join(', ');
  return said === '' ? name : `${name} (${said})`;
};

/** Whether a credential can open a session of a protocol. What is not known about it does not speak against it. */
export const fits = (seen: Seen, protocol: Protocol | undefined): boolean => {
  if (protocol === undefined) return true;
  if (kindOf(seen.CredentialType) === 'ssh-key') return protocol === 'ssh';
  const types = typesOf[protocol];
  const type = seen.AccountStoreType ?? 0;
  return type === 0 || type === 99 || types.includes(type);
};

/** Types of account stores, of the table in docs/vault-sdk.md. */
const typesOf: Readonly<Record<Protocol, readonly number[]>> = {
  ssh: [1, 4],
  vnc: [1, 4],
  rdp: [1, 4],
  postgresql: [20],
  mysql: [21],
  mssql: [1, 22],
};

/** Which row of the template jobs is for a credential; null where none is. */
export const templateRowOf = (storeType: number, credentialType: string | null | undefined): TemplateRow | null =>
  kindOf(credentialType) === 'ssh-key' ? 'sshKey' : (rows[storeType] ?? null);

const rows: Readonly<Record<number, TemplateRow>> = {
  1: 'windows',
  4: 'linux',
  20: 'postgresql',
  21: 'mysql',
  22: 'sqlServer',
};

export const toListing = (seen: Seen, isOneOfSeveral: boolean): Listing => ({
  ...{ credential: toText(toNamed(seen)), kind: kindOf(seen.CredentialType) },
  ...{ username: seen.AccountName, label: labelOf(seen, isOneOfSeveral) },
  needsApproval: seen.ApprovalNeeded === true,
});
