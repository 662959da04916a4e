import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { AccountName, InstanceName, Namespace } from '../api/credentials.ts';
import { csvColumns } from '../api/csv-columns.ts';
import { Comment, Line } from '../api/words.ts';
import { CsvError, type CsvRow, fromSafe, readCsv } from './csv.ts';
import type { CredentialType, SystemKind } from './model.ts';
import { isPrivateKey, refuseSecret } from './secrets.ts';

/** A row of the file that can be stored. */
export interface ImportRow {
  readonly line: number;
  readonly systemName: string;
  readonly instanceName: string;
  readonly namespace: string;
  readonly accountName: string;
  /** Null: the file has none, so what is stored stays. */
  readonly secret: Secret | null;
  readonly isKey: boolean;
  readonly comment: string;
  readonly assetTag: string;
}

export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

export interface ReadRows {
  readonly rows: readonly ImportRow[];
  readonly faults: readonly RowFault[];
  /** Whether the file could be read to its end. */
  readonly isWhole: boolean;
}

const mostRows = 20_000;
const mostBytes = 32 * 2 ** 20;

const Row = z.object({
  System_Name: Line(255, 'Enter the name of the system.'),
  InstanceName,
  Namespace,
  AccountName,
  Comment,
  AssetTag: Comment.max(200, 'At most 200 characters.'),
});

/** Reads and checks every row before anything is stored; faults name line and column. Passwords are in none of them. */
export const readRows = async (bytes: AsyncIterable<Uint8Array>): Promise<ReadRows> => {
  const rows: ImportRow[] = [];
  const faults: RowFault[] = [];
  const rowsByKey = new Map<string, ImportRow>();
  try {
    for await (const csv of readCsv(bounded(bytes))) {
      if (csv.line === 1 && isHeading(csv.cells)) continue;
      if (rows.length + faults.length >= mostRows)
        throw new CsvError(csv.line, 0, `A file has at most ${mostRows} rows. Split it.`);
      const read = toRow(csv);
      if ('faults' in read) faults.push(...read.faults);
      else {
        const { systemName, namespace, accountName, instanceName, isKey } = read.row;
        const key = JSON.stringify([systemName, namespace, accountName, instanceName, isKey]).toLowerCase();
        const same = rowsByKey.get(key);
        if (same === undefined) {
          rowsByKey.set(key, read.row);
          rows.push(read.row);
        } else if (same.secret !== null || read.row.secret !== null)
          faults.push({ line: csv.line, column: 'AccountName', message: `Line ${same.line} is the same account.` });
        // In an export an account and its key look alike: which comment is whose cannot be told, so neither changes.
        else if (rows.includes(same)) rows.splice(rows.indexOf(same), 1);
      }
    }
    return { rows, faults, isWhole: true };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const column = csvColumns[error.cell] ?? `column ${error.cell + 1}`;
    return { rows, faults: [...faults, { line: error.line, column, message: error.message }], isWhole: false };
  }
};

const isHeading = (cells: readonly string[]) =>
  cells.length >= 5 && cells.every((cell, at) => cell.trim().toLowerCase() === csvColumns[at]?.toLowerCase());

/** Comment and AssetTag may be left out. */
const toRow = ({ line, cells }: CsvRow): { readonly row: ImportRow } | { readonly faults: readonly RowFault[] } => {
  if (cells.length < 5 || cells.length > csvColumns.length) {
    const message = `This row has ${cells.length} cells. It has to have those of ${csvColumns.join(',')}.`;
    return { faults: [{ line, column: csvColumns[cells.length] ?? `column ${cells.length}`, message }] };
  }
  const named = Object.fromEntries(csvColumns.map((name, at) => [name, fromSafe(cells[at] ?? '')]));
  // A password is taken as it stands: what looks like protection against formulas may be part of it.
  const password = cells[csvColumns.indexOf('Password')] ?? '';
  const parsed = Row.safeParse(named);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => ({ line, column: String(path[0]), message }));
  const secret = password === '' ? null : new Secret(password);
  const isKey = secret !== null && isPrivateKey(secret);
  const refused = secret === null ? null : refuseSecret(isKey ? 'ssh_key' : 'custom', secret);
  if (refused !== null) faults.push({ line, column: 'Password', message: refused });
  if (isKey && !/^\[.*\]$/.test(String(named.Namespace)))
    faults.push({ line, column: 'Password', message: 'Only accounts of Linux and other SSH hosts have keys.' });
  if (!parsed.success || faults.length > 0) return { faults };
  const { System_Name, InstanceName, Namespace, AccountName, Comment, AssetTag } = parsed.data;
  return {
    row: {
      ...{ line, systemName: System_Name, instanceName: InstanceName, namespace: Namespace },
      ...{ accountName: AccountName, secret, isKey, comment: Comment, assetTag: AssetTag },
    },
  };
};

/**
 * What a system that is not known is, by the namespace of its account: `[Linux]` and the like say it; a Windows computer's
 * local accounts are named by the computer; every other namespace is the NetBIOS name of a domain.
 */
export const kindOf = ({ namespace, systemName }: Pick<ImportRow, 'namespace' | 'systemName'>): SystemKind => {
  const inBrackets = /^\[(.*)\]$/.exec(namespace)?.[1]?.toLowerCase();
  if (inBrackets !== undefined) return bracketed[inBrackets] ?? 'other';
  return isSame(namespace, systemName) || isSame(namespace, systemName.split('.')[0] ?? '') ? 'windows' : 'domain';
};
const bracketed: Readonly<Record<string, SystemKind>> = {
  ...{ linux: 'linux', postgresql: 'postgresql', mysql: 'mysql', sqlserver: 'sqlserver' },
};
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export const typeOf = ({ isKey }: ImportRow, kind: SystemKind): CredentialType => {
  if (isKey) return 'ssh_key';
  if (kind === 'domain') return 'windows';
  return kind === 'other' ? 'custom' : kind;
};

async function* bounded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of bytes) {
    read += chunk.length;
    if (read > mostBytes) throw new CsvError(1, 0, `A file has at most ${mostBytes / 2 ** 20} MiB. Split it.`);
    yield chunk;
  }
}
