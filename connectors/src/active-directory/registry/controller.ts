import { empty, type Policy } from '@gatehouse/connector-kit';
import type { RegistryTree } from '@gatehouse/host';
import { numberIn } from './values.ts';

/** A domain controller of the directory. */
export interface Controller {
  /** Its SID, as among the computers. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly operatingSystem: string | null;
}

/** Keys that are read of a controller, and the values of each. */
export const controllerKeys: readonly { readonly key: string; readonly names: readonly string[] }[] = [
  { key: 'SYSTEM\\CurrentControlSet\\Services\\Kdc', names: ['StrongCertificateBindingEnforcement'] },
  {
    key: 'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\Schannel',
    names: ['CertificateMappingMethods'],
  },
  {
    key: 'SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters',
    names: ['LDAPServerIntegrity', 'LdapEnforceChannelBinding'],
  },
  { key: 'SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters', names: ['RequireSecuritySignature'] },
];

/** By key; null where the controller has no such key, absent where it could not be read. */
export type ControllerTrees = ReadonlyMap<string, RegistryTree | null>;

/**
 * What a domain controller keeps in its registry. `settings`: `host`, `operatingSystem`, `values` (numbers by the names
 * that Microsoft gives them; one that is not there is not set) and `unknown` (names of those that could not be read).
 */
export const toController = ({ id, name, host, operatingSystem }: Controller, trees: ControllerTrees): Policy => {
  const values: Record<string, number> = {};
  const unknown: string[] = [];
  for (const { key, names } of controllerKeys) {
    const tree = trees.get(key);
    const own = tree?.get('');
    for (const one of names) {
      const number = numberIn(own, one);
      const isThere = own !== undefined && (own.values.has(one.toLowerCase()) || own.unclear.has(one.toLowerCase()));
      if (number !== null) values[one] = number;
      else if (tree === undefined || isThere) unknown.push(one);
    }
  }
  return {
    ...empty('policies'),
    ...{ id, raw: {}, type: 'domain_controller', name, status: 'enabled', targets: [id] },
    settings: { host, operatingSystem, values, unknown },
  };
};
