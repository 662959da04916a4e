import { credentialTypes, systemKinds } from '../api/words.ts';

export { credentialTypes, systemKinds };
export type SystemKind = (typeof systemKinds)[number];

export interface System {
  readonly systemId: string;
  /** As people and programs call it, without a domain: `web1`. Compared without case. */
  readonly name: string;
  /** Host name or address that it is reached by; null: the name. */
  readonly address: string | null;
  readonly kind: SystemKind;
  /** `NS`: the domain that it is, or is joined to. */
  readonly domainNetbios: string | null;
  readonly domainDns: string | null;
  readonly port: number | null;
  /** How passwords are changed on one of another kind than the vault knows; null: they are not. */
  readonly platformId: string | null;
  readonly platformName: string | null;
  /** Fingerprints of host keys (`SHA256:…`), or certificates in PEM form, that are trusted there. */
  readonly trust: readonly string[];
  /** Whose rights change the passwords of other accounts there; null: each account changes its own. */
  readonly loginCredentialId: string | null;
  readonly comment: string;
  readonly assetTag: string;
}

export type CredentialType = (typeof credentialTypes)[number];

/** An account whose secret the vault keeps. Never the secret itself. */
export interface Credential {
  readonly credentialId: string;
  readonly systemId: string;
  readonly systemName: string;
  readonly systemKind: SystemKind;
  /** `[Linux]`, a NetBIOS name, the computer's name. Compared without case, as are the account and the instance. */
  readonly namespace: string;
  readonly accountName: string;
  /** The database, or the instance of SQL Server; '' for everything else. */
  readonly instanceName: string;
  readonly type: CredentialType;
  readonly policyId: string | null;
  /** Made by the vault, not entered by a person. */
  readonly isRandom: boolean;
  /** Changed after each check-in. */
  readonly autoSpin: boolean;
  readonly comment: string;
  readonly assetTag: string;
  /** Null: none is stored yet. */
  readonly secretId: string | null;
  readonly secretAt: Date | null;
  readonly verifiedAt: Date | null;
  /** Null: nobody tried yet. */
  readonly isVerified: boolean | null;
}

/** Names a credential as clients do. */
export interface CredentialName {
  readonly systemName: string;
  /** Null: any. */
  readonly namespace: string | null;
  readonly accountName: string;
  readonly instanceName?: string;
}

/** Types of the accounts of a kind of system; the first is that of its passwords. */
export const typesOf: Readonly<Record<SystemKind, readonly [CredentialType, ...CredentialType[]]>> = {
  ...{ windows: ['windows'], domain: ['windows'], linux: ['linux', 'ssh_key'] },
  ...{ postgresql: ['postgresql'], mysql: ['mysql'], sqlserver: ['sqlserver'], other: ['custom', 'ssh_key'] },
};

/** The namespace of local accounts of a system. */
export const namespaceOf = ({
  kind,
  name,
  domainNetbios,
  platformName,
}: Pick<System, 'kind' | 'name' | 'domainNetbios' | 'platformName'>): string => {
  if (platformName !== null) return `[${platformName}]`;
  if (kind === 'windows') return name;
  if (kind === 'domain') return domainNetbios ?? name;
  return namespaces[kind];
};
const namespaces = {
  ...{ linux: '[Linux]', postgresql: '[PostgreSQL]', mysql: '[MySQL]', sqlserver: '[SQLServer]', other: '[Other]' },
} as const;

/** Where the secrets of a credential belong. */
export const placeOf = (credentialId: string): string => `credential/${credentialId}`;

/** `(web1)'[Linux]\root'`, as messages of the audit name one. */
export const wordsOf = ({
  systemName,
  namespace,
  accountName,
}: Pick<Credential, 'systemName' | 'namespace' | 'accountName'>) => `(${systemName})'${namespace}\\${accountName}'`;
