import type { LdapEntry } from '@gatehouse/host';
import { filetimeToDate, generalizedTimeToDate } from './filetime.ts';
import { guidText } from './guid.ts';
import { sidText } from './sid.ts';

/** What an entry says, attribute by attribute, by the names of the schema in whatever case. Absent and empty are null. */
export const textOf = (entry: LdapEntry, name: string): string | null => {
  const text = firstOf(entry, name)?.toString('utf8').trim();
  return text ? text : null;
};

export const textsOf = (entry: LdapEntry, name: string): readonly string[] =>
  valuesOf(entry, name).map((value) => value.toString('utf8'));

/** Integers of LDAP are signed text; `groupType` and other sets of bits are negative where the highest is set. */
export const numberOf = (entry: LdapEntry, name: string): number | null => {
  const text = textOf(entry, name);
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
};

export const sidOf = (entry: LdapEntry, name = 'objectSid'): string | null => {
  const value = firstOf(entry, name);
  return value ? sidText(value) : null;
};

export const withoutGuid = ({ dn }: LdapEntry): string => `${dn} has no GUID that can be read`;
export const withoutSid = ({ dn }: LdapEntry): string => `${dn} has no SID that can be read`;

/** What a page says of entries that cannot become a record, because nothing tells whose they are. */
export const leftOutWithoutSid = (entries: readonly LdapEntry[]): { readonly leftOut?: readonly string[] } => {
  const leftOut = entries.filter((entry) => sidOf(entry) === null).map(withoutSid);
  return leftOut.length > 0 ? { leftOut } : {};
};

export const guidOf = (entry: LdapEntry, name = 'objectGUID'): string | null => {
  const value = firstOf(entry, name);
  return value?.length === 16 ? guidText(value) : null;
};

/** A FILETIME or a GeneralizedTime, whichever the attribute has; null also for never. */
export const timeOf = (entry: LdapEntry, name: string): Date | null => {
  const text = textOf(entry, name);
  return text === null ? null : (filetimeToDate(text) ?? generalizedTimeToDate(text));
};

export const flagOf = (entry: LdapEntry, name: string): boolean | null => {
  const text = textOf(entry, name)?.toUpperCase();
  return text === 'TRUE' ? true : text === 'FALSE' ? false : null;
};

export const firstOf = (entry: LdapEntry, name: string): Buffer | undefined => valuesOf(entry, name)[0];
export const valuesOf = (entry: LdapEntry, name: string): readonly Buffer[] =>
  entry.attributes.get(lowerCase(name)) ?? none;

const none: readonly Buffer[] = [];

/** Names are those that the connector asks for, so they are few, and each is looked up in every entry. */
const lowerCase = (name: string): string => {
  const known = lowered.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  lowered.set(name, lower);
  return lower;
};

const lowered = new Map<string, string>();

/** A name as the extended-DN control (1.2.840.113556.1.4.529) writes it: `<GUID=…>;<SID=…>;CN=…`. */
export interface Reference {
  readonly dn: string;
  readonly sid: string | null;
  readonly guid: string | null;
}

export const referenceOf = (text: string): Reference => {
  const parts = /^(?:<GUID=([^>]*)>;)?(?:<SID=([^>]*)>;)?([\s\S]*)$/.exec(text);
  const [, guid, sid, dn = text] = parts ?? [];
  return { dn, sid: sid ?? null, guid: guid?.toLowerCase() ?? null };
};

export const referencesOf = (entry: LdapEntry, name: string): readonly Reference[] =>
  textsOf(entry, name).map(referenceOf);

/** The first part of a distinguished name without its type: `CN=Ada\, Dr.,OU=…` is `Ada, Dr.` (RFC 4514). */
export const commonName = (dn: string): string => {
  const first = /^[^=]+=((?:\\.|[^,\\])*)/s.exec(dn)?.[1] ?? dn;
  return first.replace(/\\([0-9a-fA-F]{2}|.)/gs, (_, escaped: string) =>
    escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
  );
};

/** The distinguished name of what an object stands in; null at the top. */
export const parentDn = (dn: string): string | null => /^(?:\\.|[^,\\])*,([\s\S]+)$/.exec(dn)?.[1] ?? null;
