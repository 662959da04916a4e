import { Fault } from '@gatehouse/kernel';
import { numberAt, textAt } from './shapes.ts';

/**
 * Password Safe counts users, groups, accounts and systems from 1, each for itself. A collector reports what it reads of
 * several systems under one connection, so every id says what it is the number of: `user:12`.
 */
export const kinds = {
  user: ['UserID'],
  'user-group': ['GroupID', 'UserGroupID'],
  'smart-group': ['SmartRuleID'],
  role: ['RoleID'],
  'access-policy': ['AccessPolicyID'],
  'managed-system': ['ManagedSystemID', 'SystemID'],
  'managed-account': ['ManagedAccountID', 'AccountID'],
  'functional-account': ['FunctionalAccountID'],
  asset: ['AssetID'],
  workgroup: ['ID', 'WorkgroupID'],
  'api-registration': ['ID'],
  session: ['SessionID'],
  'user-audit': ['AuditID'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Kind = keyof typeof kinds;

export const idOf = (kind: Kind, number: number | string): string => `${kind}:${number}`;

/** The number of an item. An `unexpected` Fault where it has none: without it no record can be told from another. */
export const numberOf = (kind: Kind, item: unknown): number => {
  const found = numberAt(item, ...kinds[kind]);
  if (found !== null && Number.isSafeInteger(found)) return found;
  throw new Fault(
    'unexpected',
    'Password Safe sent a record that cannot be read.',
    `a ${kind} without ${kinds[kind][0]}: ${typeof item === 'object' ? JSON.stringify(Object.keys(item ?? {})) : typeof item}`,
  );
};

/** The id of something that an item refers to; null where it names none. */
export const referenceTo = (kind: Kind, item: unknown, ...names: readonly string[]): string | null => {
  const found = textAt(item, ...(names.length > 0 ? names : kinds[kind]));
  // A reference to nothing is 0 in some versions.
  return found === null || found === '0' ? null : idOf(kind, found);
};
