import { policyText } from './policy-text.ts';

/** A security template, `GptTmpl.inf` (MS-GPSB 2.2), as far as rules read it. Principals are SIDs or account names. */
export interface SecurityTemplate {
  /** Numbers of [System Access], by their names there. */
  readonly systemAccess: ReadonlyMap<string, number>;
  /** Who has a privilege or a logon right. A policy that names one takes it from everybody else. */
  readonly privileges: ReadonlyMap<string, readonly string[]>;
  /** [Registry Values] by their whole path in lower case; numbers where they are, else the text as it stands. */
  readonly values: ReadonlyMap<string, number | string>;
  readonly groups: readonly RestrictedGroup[];
  /** False where there was more than is taken in. */
  readonly isWhole: boolean;
}

/** [Group Membership]: null where the policy says nothing of it. */
export interface RestrictedGroup {
  readonly group: string;
  readonly members: readonly string[] | null;
  readonly memberOf: readonly string[] | null;
}

const mostLines = 20_000;
const mostPrincipals = 500;

export const parseSecurityTemplate = (bytes: Uint8Array): SecurityTemplate => {
  const lines = policyText(bytes).split(/\r?\n/, mostLines + 1);
  const systemAccess = new Map<string, number>();
  const privileges = new Map<string, readonly string[]>();
  const values = new Map<string, number | string>();
  const groups = new Map<
    string,
    { group: string; members: readonly string[] | null; memberOf: readonly string[] | null }
  >();
  let isWhole = lines.length <= mostLines;
  const listed = (text: string): readonly string[] => {
    const all = text.split(',', mostPrincipals + 1).flatMap((one) => principal(one) ?? []);
    if (all.length > mostPrincipals) isWhole = false;
    return all.slice(0, mostPrincipals);
  };
  let section = '';
  for (const line of lines.slice(0, mostLines)) {
    const trimmed = line.trim();
    if (trimmed.startsWith('[')) {
      section = trimmed.replace(/^\[|\]$/g, '').toLowerCase();
      continue;
    }
    const at = trimmed.indexOf('=');
    if (at < 1 || trimmed.startsWith(';')) continue;
    const name = unquoted(trimmed.slice(0, at));
    const value = trimmed.slice(at + 1).trim();
    if (section === 'system access') {
      if (/^-?\d{1,10}$/.test(value)) systemAccess.set(name, Number(value));
    } else if (section === 'privilege rights') privileges.set(name, listed(value));
    else if (section === 'registry values') setValue(values, name, value);
    else if (section === 'group membership') {
      const [, who = '', what = ''] = /^(.*)__(members|memberof)$/i.exec(name) ?? [];
      const group = principal(who);
      if (group === null) continue;
      const known = groups.get(group) ?? { group, members: null, memberOf: null };
      groups.set(group, { ...known, [what.toLowerCase() === 'members' ? 'members' : 'memberOf']: listed(value) });
    }
  }
  return { systemAccess, privileges, values, groups: [...groups.values()], isWhole };
};

/** `*S-1-5-32-544` is a SID, anything else a name. */
const principal = (text: string): string | null => {
  const name = unquoted(text.trim())
    .replace(/^\*(?=S-1-)/i, '')
    .trim();
  return name === '' ? null : name.slice(0, 300);
};

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/s, '$1');

/** `MACHINE\System\…\LDAPServerIntegrity=4,2`: the type of the registry, then the value. */
const setValue = (values: Map<string, number | string>, path: string, value: string): void => {
  const [, type, data = ''] = /^(\d{1,2}),([\s\S]*)$/.exec(value) ?? [];
  if (type === undefined) return;
  const isNumber = type === '4' && /^\d{1,10}$/.test(data);
  values.set(path.toLowerCase(), isNumber ? Number(data) : unquoted(data).slice(0, 1_000));
};
