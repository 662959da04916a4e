import type { RawEntry } from './answer.ts';
import type { RootDse } from './ldap.ts';
import { LdapFault } from './result-faults.ts';

/** What is asked for; without names a controller leaves out most of it. */
export const rootDseAttributes = [
  'defaultNamingContext',
  'configurationNamingContext',
  'schemaNamingContext',
  'rootDomainNamingContext',
  'namingContexts',
  'dnsHostName',
  'dsServiceName',
  'highestCommittedUSN',
  'supportedControl',
  'supportedCapabilities',
  'domainFunctionality',
  'forestFunctionality',
  'domainControllerFunctionality',
  'currentTime',
] as const;

export const toRootDse = (system: string, controller: string, { attributes }: RawEntry): RootDse => {
  const all = (name: (typeof rootDseAttributes)[number]) =>
    (attributes.get(name.toLowerCase()) ?? []).map((value) => value.toString('utf8'));
  const one = (name: (typeof rootDseAttributes)[number]): string => {
    const [value] = all(name);
    if (value !== undefined && value !== '') return value;
    throw new LdapFault({
      kind: 'misconfigured',
      advice: `${controller} of ${system} is no domain controller of Active Directory. Enter one.`,
      detail: `${controller}: the root DSE has no ${name}`,
      again: 'never',
      problem: `no ${name}`,
    });
  };
  const number = (name: (typeof rootDseAttributes)[number]) =>
    /^\d+$/.test(all(name)[0] ?? '') ? Number(all(name)[0]) : null;
  const usn = one('highestCommittedUSN');
  return {
    controller,
    defaultNamingContext: one('defaultNamingContext'),
    configurationNamingContext: one('configurationNamingContext'),
    schemaNamingContext: one('schemaNamingContext'),
    rootDomainNamingContext: one('rootDomainNamingContext'),
    namingContexts: all('namingContexts'),
    dnsHostName: one('dnsHostName'),
    dsServiceName: one('dsServiceName'),
    highestCommittedUSN: BigInt(/^\d{1,19}$/.test(usn) ? usn : 0),
    supportedControl: all('supportedControl'),
    supportedCapabilities: all('supportedCapabilities'),
    domainFunctionality: number('domainFunctionality'),
    forestFunctionality: number('forestFunctionality'),
    domainControllerFunctionality: number('domainControllerFunctionality'),
    currentTime: timeOf(all('currentTime')[0] ?? ''),
  };
};

/** Generalised time as Active Directory writes it: `20240105202309.0Z`. */
const timeOf = (text: string): Date | null => {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : new Date(time);
};
