import { describe, expect, test } from 'vitest';
import { domainsOf, identitiesOf } from '../names.ts';
import { config } from '../settings.ts';

const base = { endpointUrl: 'https://pi.corp.example', apiUser: 'svc', apiPassword: 'secret' };
const settingsWith = (some: Readonly<Record<string, unknown>>) => config.parse({ ...base, ...some });
const map = 'Example.local=EX\n\n ns.example = NS \r\nchild.example.local=KID';

describe('a person of the site is looked for as', () => {
  test.each([
    ['a local name', 'user1', {}, ['user1']],
    ['a local name, first in the default domain', 'user1', { defaultDomain: 'EX' }, ['EX\\user1', 'user1']],
    [
      'a default domain by its full name',
      'user1',
      { defaultDomain: 'EXAMPLE.LOCAL', mapDomains: map },
      ['EX\\user1', 'user1'],
    ],
    ['a name of a domain', 'EX\\user1', {}, ['EX\\user1']],
    ['a name of a domain, whatever the default domain', 'EX\\user1', { defaultDomain: 'NS' }, ['EX\\user1']],
    ['a name of a domain, then without it', 'EX\\user1', { fallBackToLocal: true }, ['EX\\user1', 'user1']],
    ['a local name, which has nothing to fall back from', 'user1', { fallBackToLocal: true }, ['user1']],
    ['a full name of a domain', 'user1@example.local', { mapDomains: map }, ['EX\\user1']],
    ['a full name of a domain in other letters', 'user1@EXAMPLE.Local', { mapDomains: map }, ['EX\\user1']],
    ['a full name before a backslash', 'ns.example\\user1', { mapDomains: map }, ['NS\\user1']],
    ['a child domain, not its parent', 'user1@child.example.local', { mapDomains: map }, ['KID\\user1']],
    ['a domain that no line maps', 'user1@other.example', { mapDomains: map }, ['other.example\\user1']],
    [
      'a full name of a domain, then without it',
      'user1@ns.example',
      { mapDomains: map, fallBackToLocal: true },
      ['NS\\user1', 'user1'],
    ],
    [
      'the last @, where a name has two',
      'first.last@old.name@ns.example',
      { mapDomains: map },
      ['NS\\first.last@old.name'],
    ],
    ['a name of the machine itself', '.\\user1', {}, ['user1']],
    ['nobody, where the name is missing', 'EX\\', { fallBackToLocal: true }, []],
    ['nobody, where there is no name at all', '  ', {}, []],
  ] as const)('%s', (_, person, settings, expected) => {
    expect(identitiesOf(person, settingsWith(settings)).map(({ name }) => name)).toEqual(expected);
  });
});

describe('domain accounts of an endpoint are looked for in', () => {
  const endpoint = { hostname: 'web1', address: null, domain: null };
  test.each([
    ['its domain', { domain: 'ns.example' }, ['NS']],
    ['its domain in other letters', { domain: 'NS.Example' }, ['NS']],
    ['its domain where that is short already', { domain: 'NS' }, ['NS']],
    ['none where its domain is not mapped', { domain: 'far.example' }, []],
    ['the domain that its name ends in', { hostname: 'web1.ns.example' }, ['NS']],
    ['the closest domain that its name ends in', { hostname: 'WEB1.child.example.local' }, ['KID']],
    ['all that are mapped where nobody knows', {}, ['EX', 'NS', 'KID']],
    ['all that are mapped where nobody knows, for Windows', { protocol: 'rdp' }, ['EX', 'NS', 'KID']],
    ['none where nobody knows and it is no Windows', { protocol: 'ssh' }, []],
    ['its domain also where it is no Windows', { protocol: 'ssh', domain: 'ns.example' }, ['NS']],
    ['none of a name that only looks alike', { hostname: 'web1.xns.example', protocol: 'ssh' }, []],
  ] as const)('%s', (_, some, expected) => {
    const found = domainsOf({ ...endpoint, ...some }, settingsWith({ mapDomains: map }));
    expect(found.map(({ name }) => name)).toEqual(expected);
  });
});

describe('a map of domains', () => {
  test.each([
    ['a line without a pair', 'ns.example=NS\nnonsense', 'Line 2'],
    ['a line with half a pair', 'ns.example=', 'Line 1'],
    ['a NetBIOS name with a backslash', 'ns.example=NS\\', 'Line 1'],
    ['two names for one domain', 'ns.example=NS\nNS.EXAMPLE=OTHER', 'Line 2'],
  ])('with %s is refused by its line', (_, mapDomains, words) => {
    const { error } = config.safeParse({ ...base, mapDomains });
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});

test.each([
  'https://pi.corp.example/ERPMWebService/AuthService.svc',
  'https://pi.corp.example/erpmwebservice/authservice.svc/',
  'https://pi.corp.example/ERPMWebService/json/V2/AuthService.svc',
  'pi.corp.example',
])('the endpoint URL may be %s', (endpointUrl) => {
  expect(config.safeParse({ ...base, endpointUrl }).success).toBe(true);
});

test.each(['', 'ftp://pi.corp.example', 'https://user:pw@pi.corp.example', '::'])(
  'the endpoint URL may not be %j',
  (endpointUrl) => {
    expect(config.safeParse({ ...base, endpointUrl }).error?.issues[0]?.path).toEqual(['endpointUrl']);
  },
);
