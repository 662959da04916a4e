import type { SqlError } from './tds.ts';

export interface SqlLogin {
  readonly name: string;
  password: string;
  /** As the server tells it to whoever has the right password. */
  state: 'good' | 'disabled' | 'locked' | 'expired' | 'must-change';
  /** The permission ALTER ANY LOGIN. */
  mayAlter: boolean;
}

/** Names are compared without case, as most servers are set up to. */
export type SqlLogins = Map<string, SqlLogin>;
export const keyOf = (name: string): string => name.toLowerCase();

/** Null: let in. */
export const refuseSignIn = (logins: SqlLogins, user: string, password: string): SqlError | null => {
  const login = logins.get(keyOf(user));
  if (login === undefined || login.password !== password)
    return { number: 18_456, message: `Login failed for user '${user}'.` };
  return refusals[login.state](user);
};

const refusals: Readonly<Record<SqlLogin['state'], (user: string) => SqlError | null>> = {
  good: () => null,
  disabled: (user) => ({
    number: 18_470,
    message: `Login failed for user '${user}'. Reason: The account is disabled.`,
  }),
  locked: (user) => ({ number: 18_486, message: `Login failed for user '${user}' because the account is locked out.` }),
  expired: (user) => ({
    number: 18_487,
    message: `Login failed for user '${user}'. Reason: The password has expired.`,
  }),
  'must-change': (user) => ({
    number: 18_488,
    message: `Login failed for user '${user}'. Reason: The password of the account must be changed.`,
  }),
};

/**
 * Executes `ALTER LOGIN [name] WITH PASSWORD = N'new' [OLD_PASSWORD = N'old']` and nothing else. Null: done.
 * Read token by token, as the server does, so that what is quoted wrongly means something else or nothing.
 */
export const alterLogin = (logins: SqlLogins, by: string, statement: string, leastLength: number): SqlError | null => {
  const tokens = tokensOf(statement);
  const words = tokens?.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : kind)).join(' ');
  if (!tokens || !/^alter login name with password = literal( old_password = literal)?$/.test(words ?? ''))
    return { number: 102, message: 'Incorrect syntax.' };
  const [name = ''] = tokens.flatMap(({ kind, text }) => (kind === 'name' ? [text] : []));
  const [next = '', old] = tokens.flatMap(({ kind, text }) => (kind === 'literal' ? [text] : []));
  const login = logins.get(keyOf(name));
  const isOwn = keyOf(name) === keyOf(by);
  const may = isOwn ? old === login?.password : (logins.get(keyOf(by))?.mayAlter ?? false);
  if (login === undefined || !may)
    return {
      number: 15_151,
      message: `Cannot alter the login '${name}', because it does not exist or you do not have permission.`,
    };
  if (next.length < leastLength)
    return { number: 15_116, message: `Password validation failed. The password '${next}' is too short.` };
  login.password = next;
  return null;
};

interface Token {
  readonly kind: 'word' | 'name' | 'literal' | '=';
  readonly text: string;
}

const tokensOf = (statement: string): readonly Token[] | null => {
  const tokens: Token[] = [];
  const shape = /\s*(?:\[((?:[^\]]|\]\])+)\]|N'((?:[^']|'')*)'|([a-z_]+)|(=))/iy;
  const text = statement.trimEnd();
  while (shape.lastIndex < text.length) {
    const found = shape.exec(text);
    if (found === null) return null;
    const [, name, literal, word] = found;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll(']]', ']') });
    else if (literal !== undefined) tokens.push({ kind: 'literal', text: literal.replaceAll("''", "'") });
    else tokens.push(word === undefined ? { kind: '=', text: '=' } : { kind: 'word', text: word });
  }
  return tokens;
};
