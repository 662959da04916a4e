import { describe, expect, test } from 'vitest';
import { bindMessage, entryMessage, searchMessage } from '../fake/answer.ts';
import { element, integer, octets, sequence } from '../fake/ber.ts';
import { openController } from '../fake/index.ts';
import type { Request } from '../fake/request.ts';
import { clientOf, domain, entriesOf, faultOf, kingdom, people } from './reading.ts';

/** An answer to the search, made for its number. */
const answering = (make: (id: number) => Buffer) => (request: Request) =>
  request.kind === 'search' ? ({ kind: 'bytes', bytes: make(request.id) } as const) : undefined;

const found = (id: number, controls = {}) => searchMessage(id, { code: 0, controls });
const paged = '1.2.840.113556.1.4.319';

describe('an answer that is made to harm', () => {
  test.each<[string, (id: number) => Buffer]>([
    ['is no LDAP', () => Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['has a length without end', () => Buffer.from('3080020102', 'hex')],
    ['has a length of five bytes', () => Buffer.from('30850000000000', 'hex')],
    ['claims more attributes than there are bytes', () => Buffer.from('300c0201036407040161307f3000', 'hex')],
    ['claims four gigabytes', () => Buffer.from('3084ffffffff', 'hex')],
    ['is an empty message', () => Buffer.from('3000', 'hex')],
    ['has another operation', (id) => sequence(integer(id), element(0x6f, octets('')))],
    ['answers another question, with success', (id) => bindMessage(id, { code: 0 })],
    ['is an answer to nothing', (id) => found(id + 1_000)],
    ['has a result without a code', (id) => sequence(integer(id), element(0x65, octets('')))],
    ['has a page cookie that is none', (id) => found(id, { [paged]: Buffer.from('30ff', 'hex') })],
    [
      'has a page cookie with something behind it',
      (id) => found(id, { [paged]: Buffer.from('30050201000400ff', 'hex') }),
    ],
    [
      'has a value that is no octet string',
      (id) =>
        sequence(
          integer(id),
          element(0x64, octets('CN=x'), sequence(sequence(octets('a'), element(0x31, integer(1))))),
        ),
    ],
    [
      'nests deeper than anything can',
      () => Array.from({ length: 2_000 }).reduce<Buffer>((inner) => sequence(inner), Buffer.alloc(0)),
    ],
  ])('because it %s ends the search with a fault, and the connection with it', async (_, make) => {
    await using controller = await openController(kingdom(3));
    controller.plant(answering(make));
    const { ldap, waits } = clientOf(controller, { bounds: { answerMs: 2_000 } });
    const fault = await faultOf(entriesOf(ldap, people));
    expect(fault.kind).toBe('unexpected');
    expect(fault.advice).toMatch(/cannot be understood|more at once than is taken in/);
    expect(waits).toEqual([]);
    controller.plant(undefined);
    expect(await entriesOf(ldap, people)).toHaveLength(3);
  });

  test('by pages that never end, with entries or without them, ends', async () => {
    await using controller = await openController(kingdom(3));
    let pages = 0;
    const cookie = () => sequence(integer(0), octets(`cookie ${pages++}`));
    controller.plant(answering((id) => found(id, { [paged]: cookie() })));
    const { ldap } = clientOf(controller);
    expect((await faultOf(entriesOf(ldap, people))).detail).toContain('never end');
    controller.plant(answering((id) => found(id, { [paged]: sequence(integer(0), octets('the same')) })));
    expect((await faultOf(entriesOf(ldap, people))).detail).toContain('never end');
    expect(pages).toBeLessThan(1_100);
  });

  test('by pages that lead back ends, whatever their cookies; one cookie for a whole search does no harm', async () => {
    await using controller = await openController(kingdom(30));
    const tenAtATime = { ...people, controls: { pageSize: 10 } };
    controller.plant((request) => (request.kind === 'search' ? { kind: 'firstPage' } : undefined));
    const { ldap } = clientOf(controller);
    expect((await faultOf(entriesOf(ldap, tenAtATime))).detail).toContain('lead back to one that was read');
    expect(controller.requests.filter(({ kind }) => kind === 'search').length).toBeLessThan(4);

    await using other = await openController(kingdom(0));
    let page = 0;
    other.plant(
      answering((id) => {
        const entry = (at: number) => entryMessage(id, { dn: `CN=${page} ${at}`, attributes: [] });
        const cookie = octets(++page === 5 ? '' : 'always the same');
        return Buffer.concat([entry(1), entry(2), found(id, { [paged]: sequence(integer(0), cookie) })]);
      }),
    );
    expect(await entriesOf(clientOf(other).ldap, tenAtATime)).toHaveLength(10);
  });

  test('by a flood of tiny entries is cut off at the bound of an answer', async () => {
    await using controller = await openController(kingdom(0));
    controller.plant(
      answering((id) => {
        const tiny = entryMessage(id, { dn: '', attributes: [] });
        return Buffer.concat(Array.from({ length: 100_000 }, () => tiny));
      }),
    );
    const { ldap } = clientOf(controller, { bounds: { answerBytes: 1024 * 1024 } });
    const fault = await faultOf(entriesOf(ldap, people));
    expect(fault.kind).toBe('unexpected');
    expect(fault.advice).toContain('more at once than is taken in');
  });

  test('in random ways never crashes, never hangs and leaves a client that works', async () => {
    let seed = 5;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return seed % below;
    };
    await using controller = await openController(kingdom(3));
    const { ldap } = clientOf(controller, { bounds: { answerMs: 150, idleMs: 150 } }, { attempts: 1 });
    for (let round = 0; round < 150; round++) {
      controller.plant(
        answering((id) => {
          const entry = entryMessage(id, { dn: 'CN=x', attributes: [{ name: 'cn', values: [Buffer.from('x')] }] });
          const bytes = Buffer.concat([entry, found(id, { [paged]: sequence(integer(0), octets('')) })]);
          for (let i = 0; i <= random(3); i++) bytes[random(bytes.length)] = random(256);
          return bytes;
        }),
      );
      await entriesOf(ldap, people).catch(() => undefined);
    }
    controller.plant(undefined);
    expect(await entriesOf(ldap, people)).toHaveLength(3);
  });
});

describe('large values', () => {
  const large = (bytes: number) => {
    const directory = kingdom(2);
    directory.add(`CN=Large,${domain}`, {
      objectClass: ['user'],
      sAMAccountName: 'large',
      jpegPhoto: Buffer.alloc(bytes, 0xd8),
    });
    return directory;
  };

  test('of 5 MB come whole, beside others', async () => {
    const size = 5 * 1024 * 1024;
    await using controller = await openController(large(size));
    const entries = await entriesOf(clientOf(controller).ldap, people);
    const photo = entries.find(({ dn }) => dn.startsWith('CN=Large'))?.attributes.get('jpegphoto')?.[0];
    expect(photo?.equals(Buffer.alloc(size, 0xd8))).toBe(true);
    expect(entries).toHaveLength(3);
  });

  test('beyond the bound of an entry are a fault that says so, before they are taken in', async () => {
    await using controller = await openController(large(3 * 1024 * 1024));
    const { ldap } = clientOf(controller, { bounds: { entryBytes: 2 * 1024 * 1024 } });
    const fault = await faultOf(entriesOf(ldap, people));
    expect(fault.kind).toBe('unexpected');
    expect(fault.advice).toContain('If a single entry is that large, make it smaller there');
    expect(fault.detail).toMatch(/a message of 3\d{6} bytes/);
    expect(await entriesOf(ldap, { ...people, attributes: ['cn'] })).toHaveLength(3);
  });
});
