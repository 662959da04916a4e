import { empty, type Policy } from '@gatehouse/connector-kit';
import type { RegistryKey, RegistryTree } from '@gatehouse/host';
import { parseDescriptor, toAuthorityEdges } from '../descriptor/index.ts';
import { keyIn, numberIn, textIn } from './values.ts';

export const authorityKey = 'SYSTEM\\CurrentControlSet\\Services\\CertSvc\\Configuration';

/** An authority as the directory lists it, by its enrolment service. */
export interface ListedAuthority {
  readonly id: string;
  readonly cn: string;
  readonly host: string;
}

/** Bits of EditFlags, InterfaceFlags and RequestDisposition (MS-CSRA 3.1.1.10, certsrv.h). */
const attributeSubjectAltName2 = 0x4_0000;
const enforceEncryptedRequest = 0x200;
const noRemoteRequest = 0x2;
const noRpcRequest = 0x8;
const dispositionMask = 0xff;
const pendingFirst = 0x100;

/**
 * What a certification authority keeps in its registry. The id is that of its enrolment service. `settings`: `isRead`,
 * `host`, `rights` (who has ManageCA, ManageCertificates, Enroll; `isCertain` false where a condition or a deny may take
 * it away), `areRightsWhole`, `agents` (SIDs of the enrolment agent restrictions; null: none are in force), `editFlags`,
 * `takesSubjectsFromAttributes`, `issuesAtOnce`, `disabledExtensions` (OIDs), `interfaceFlags`, `takesRemoteRequests`,
 * `requiresEncryptedRequests`, `separatesRoles`. What could not be read is null or left out.
 */
export const toAuthority = ({ id, cn, host }: ListedAuthority, tree: RegistryTree | null): Policy => {
  const name = textIn(tree?.get(''), 'Active') ?? cn;
  const own = keyIn(tree, name);
  const modules = keyIn(tree, `${name}\\PolicyModules`);
  const active = textIn(modules, 'Active');
  const module = active === null ? undefined : keyIn(tree, `${name}\\PolicyModules\\${active}`);
  const editFlags = numberIn(module, 'EditFlags');
  const disposition = numberIn(module, 'RequestDisposition');
  const interfaceFlags = numberIn(own, 'InterfaceFlags');
  return {
    ...empty('policies'),
    ...{ id, raw: {}, type: 'certification_authority', name, status: 'enabled', targets: [id] },
    settings: {
      ...{ isRead: own !== undefined, host, name },
      ...rightsOf(own),
      ...agentsOf(own),
      editFlags,
      takesSubjectsFromAttributes: editFlags === null ? null : (editFlags & attributeSubjectAltName2) !== 0,
      issuesAtOnce: disposition === null ? null : issues(disposition),
      disabledExtensions: listIn(module, 'DisableExtensionList'),
      interfaceFlags,
      takesRemoteRequests: interfaceFlags === null ? null : (interfaceFlags & (noRemoteRequest | noRpcRequest)) === 0,
      requiresEncryptedRequests: interfaceFlags === null ? null : (interfaceFlags & enforceEncryptedRequest) !== 0,
      separatesRoles:
        own && !own.unclear.has('roleseparationenabled') ? numberIn(own, 'RoleSeparationEnabled') === 1 : null,
    },
  };
};

/** 1 issues, 3 does what the request asks for; with the bit for a manager’s approval neither. */
const issues = (disposition: number): boolean =>
  [1, 3].includes(disposition & dispositionMask) && (disposition & pendingFirst) === 0;

const rightsOf = (key: RegistryKey | undefined) => {
  const value = key?.values.get('security');
  if (value?.type !== 'REG_BINARY') return { areRightsWhole: false };
  const { edges, isComplete } = toAuthorityEdges(value.bytes);
  return {
    rights: edges.slice(0, mostEntries).map(({ trustee, kind, isConditional, isDenied }) => ({
      ...{ trustee, right: kind, isCertain: !isConditional && isDenied === 'no' },
    })),
    areRightsWhole: isComplete && edges.length <= mostEntries,
  };
};

const agentsOf = (key: RegistryKey | undefined) => {
  if (key === undefined || key.unclear.has('enrollmentagentrights')) return {};
  const value = key.values.get('enrollmentagentrights');
  if (value === undefined) return { agents: null };
  if (value.type !== 'REG_BINARY') return {};
  const { dacl } = parseDescriptor(value.bytes);
  if (dacl.state !== 'present') return { agents: null };
  return { agents: [...new Set(dacl.entries.flatMap(({ trustee }) => trustee ?? []))].slice(0, mostEntries) };
};

const mostEntries = 1_000;

/** An empty list where the module is there and says nothing of it. */
const listIn = (key: RegistryKey | undefined, name: string): string[] | null => {
  if (key === undefined || key.unclear.has(name.toLowerCase())) return null;
  const value = key.values.get(name.toLowerCase());
  if (value === undefined) return [];
  if (value.type === 'REG_MULTI_SZ') return value.texts.map((text) => text.trim()).slice(0, mostEntries);
  return value.type === 'REG_SZ'
    ? value.text
        .split(/[\s,]+/)
        .filter(Boolean)
        .slice(0, mostEntries)
    : null;
};
