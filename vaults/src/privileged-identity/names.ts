import { type Endpoint, type Protocol, quoted } from '@gatehouse/vault-kit';
import type { Settings } from './settings.ts';

/** A name that the vault is asked for, and the rule that it comes from. */
export interface Wanted {
  readonly name: string;
  readonly why: string;
}

type Mapping = Pick<Settings, 'defaultDomain' | 'fallBackToLocal' | 'mapDomains'>;

/** The identities of the vault that a person of the site may be, in the order in which they are tried. */
export const identitiesOf = (person: string, settings: Mapping): readonly Wanted[] => {
  const { domain, name } = split(person.trim());
  if (name === '') return [];
  const { defaultDomain, fallBackToLocal } = settings;
  const asLocal = (why: string): Wanted => ({ name, why });
  if (domain !== null) {
    const { short, why } = toShort(domain, settings.mapDomains);
    const local = fallBackToLocal ? [asLocal('fall-back to the local account')] : [];
    return [{ name: `${short}\\${name}`, why }, ...local];
  }
  if (defaultDomain === null) return [asLocal('the name has no domain')];
  const { short } = toShort(defaultDomain, settings.mapDomains);
  return [
    { name: `${short}\\${name}`, why: 'the default domain for local users' },
    asLocal('the name has no domain, as it came'),
  ];
};

/** `user1`, `DOMAIN\username`, `username@domain`. */
const split = (person: string): { domain: string | null; name: string } => {
  const slash = person.indexOf('\\');
  const at = person.lastIndexOf('@');
  const [domain, name] =
    slash >= 0
      ? [person.slice(0, slash), person.slice(slash + 1)]
      : at >= 0
        ? [person.slice(at + 1), person.slice(0, at)]
        : ['', person];
  // Windows writes `.\name` for an account of the machine itself.
  return { domain: domain === '' || domain === '.' ? null : domain, name };
};

const toShort = (domain: string, map: Settings['mapDomains']): { short: string; why: string } => {
  const mapped = map.get(domain.toLowerCase());
  if (mapped !== undefined) return { short: mapped, why: `the map of domains says ${quoted(`${domain}=${mapped}`)}` };
  return { short: domain, why: domain.includes('.') ? 'no line of the map of domains names its domain' : 'as it came' };
};

/**
 * The domains whose accounts may log in to an endpoint. One that is not known is taken from the endpoint's full name, and
 * for Windows, failing that, from all domains that are mapped.
 */
export const domainsOf = (
  { hostname, domain, protocol }: Endpoint,
  { mapDomains }: Pick<Settings, 'mapDomains'>,
): readonly Wanted[] => {
  if (domain !== null) {
    const mapped = mapDomains.get(domain.toLowerCase());
    if (mapped !== undefined) return [{ name: mapped, why: `the endpoint is of ${quoted(domain)}` }];
    return domain.includes('.') ? [] : [{ name: domain, why: 'the endpoint is of this domain' }];
  }
  const parents = [...mapDomains].filter(([full]) => hostname.toLowerCase().endsWith(`.${full}`));
  // The longest: a child's name ends with its parent's.
  const [closest] = parents.toSorted(([a], [b]) => b.length - a.length);
  if (closest !== undefined) return [{ name: closest[1], why: `the endpoint's name ends in ${quoted(closest[0])}` }];
  if (!windows.has(protocol)) return [];
  return [...new Set(mapDomains.values())].map((name) => ({ name, why: 'the domain of the endpoint is not known' }));
};

/** Protocols that say that the endpoint is a Windows machine, or do not say that it is none. */
const windows: ReadonlySet<Protocol | undefined> = new Set(['rdp', 'mssql', undefined]);
