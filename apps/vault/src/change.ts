import { ConstraintError, type Database, type Sql } from '@gatehouse/database';
import { type Principal, Problem } from '@gatehouse/server';
import type { Audit, Author, EntryInput } from './audit/index.ts';
import { invalid } from './problems.ts';

/** What a request says about who sends it. */
export interface Sender {
  readonly principal: Principal;
  /** The correlation id. */
  readonly id: string;
  readonly ip: string;
}

/** Who does it, for the audit. */
export const authorOf = ({ principal, id, ip }: Sender): Author => ({
  name: principal.kind === 'person' ? `${principal.name} <${principal.email}>` : principal.name,
  ...{ impersonator: null, address: ip, correlationId: id },
  through: principal.kind === 'operator' ? 'command line' : 'pages',
});

/**
 * One change of the vault with its entries in the audit: both are kept, or neither. Entries are written last, because the
 * chain takes one writer at a time.
 * @throws Problem that names the field where a rule of the schema refuses it
 */
export const change = async <T>(
  { database, audit }: { readonly database: Database; readonly audit: Audit },
  sender: Sender,
  work: (tx: Sql, note: (entry: EntryInput) => void) => Promise<T>,
): Promise<T> => {
  try {
    return await database.system(async (tx) => {
      const entries: EntryInput[] = [];
      const done = await work(tx, (entry) => void entries.push(entry));
      if (entries.length > 0) await audit.write(tx, authorOf(sender), ...entries);
      return done;
    });
  } catch (error) {
    throw error instanceof ConstraintError ? (toProblem(error) ?? error) : error;
  }
};

const toProblem = (error: ConstraintError): Problem | null => {
  const rule = fields[error.constraint];
  if (rule === undefined) return null;
  const [field, message] = rule;
  if (error.rule !== 'unique') return invalid(field, message);
  const errors = [{ field, message }];
  return new Problem(409, 'conflict', 'Conflicts with what is there', `${field}: ${message}`, { errors, cause: error });
};

/** What a rule of the schema is about, by its name. */
const fields: Readonly<Record<string, readonly [field: string, message: string]>> = {
  password_policies_by_name: ['name', 'A policy of this name is there already.'],
  systems_by_name: ['name', 'A system of this name and kind is there already.'],
  audit_receivers_by_name: ['name', 'A receiver of this name is there already.'],
  systems_platform_id_fkey: ['platformId', 'There is no such platform.'],
  custom_platforms_by_name: ['name', 'A platform of this name is there already.'],
  systems_login: ['loginCredentialId', 'There is no such credential.'],
  credentials_by_name: ['accountName', 'This account is there already.'],
  credentials_system_id_fkey: ['systemId', 'There is no such system.'],
  credentials_policy_id_fkey: ['policyId', 'There is no such policy.'],
  management_sets_by_name: ['name', 'A management set of this name is there already.'],
  shared_lists_by_name: ['name', 'A list of this name is there already.'],
  list_entries_by_name: ['accountName', 'This account is in the list already.'],
  identities_by_name: ['name', 'An identity of this name is there already.'],
  identities_person_id_key: ['personId', 'This person has another identity already.'],
  identities_person_id_fkey: ['personId', 'There is no such person.'],
  directories_by_netbios: ['netbiosName', 'A domain of this name is there already.'],
  directories_by_dns: ['dnsName', 'A domain of this name is there already.'],
  api_registrations_by_name: ['name', 'A registration of this name is there already.'],
};

/** What was entered, without what was left out. */
export const entered = <T extends object>(input: T) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    // Nothing else is left: `fromEntries` forgets the names.
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
