import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Allowances } from '../settings/index.ts';
import { openTcp, wrongIn } from './hosts.ts';

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => server.close());

/** `reached`, or the kind of what was refused. */
const dial = async (rules: readonly string[], host: string, to = port): Promise<string> => {
  const allows = Allowances.parse({ hosts: rules.map((rule) => rule.replace('PORT', String(port))) });
  try {
    const opened = await openTcp(allows, { kind: 'tcp', host, port: to });
    opened.end();
    return 'reached';
  } catch (error) {
    return error instanceof Error && 'kind' in error ? String(error.kind) : String(error);
  }
};

test('a host is reached where an address, a network or a name covers it, on these ports', async () => {
  expect(await dial(['127.0.0.1:PORT'], '127.0.0.1')).toBe('reached');
  expect(await dial(['127.0.0.0/8:PORT'], '127.0.0.1')).toBe('reached');
  expect(await dial(['[::1]:22', '127.0.0.0/8:1-65535'], '127.0.0.1')).toBe('reached');
  expect(await dial(['localhost:PORT'], 'LocalHost.')).toBe('reached');
  // The name is covered by no rule of names, and what it leads to by one of networks.
  expect(await dial(['127.0.0.0/8:PORT', '[::1]:PORT'], 'localhost')).toBe('reached');
});

test('nothing else is reached, and nothing is asked of the network for it', async () => {
  for (const [rules, host, to] of [
    [[], '127.0.0.1', port],
    [['127.0.0.1:1-9'], '127.0.0.1', port],
    [['127.0.0.2:PORT'], '127.0.0.1', port],
    [['10.0.0.0/8:PORT'], 'localhost', port],
    [['[::1]:PORT'], '127.0.0.1', port],
    [['*.corp.example:PORT'], '127.0.0.1', port],
    [['127.0.0.1:PORT'], '127.0.0.1', 22],
  ] as const)
    expect([rules, host, to, await dial(rules, host, to)]).toEqual([rules, host, to, 'forbidden']);
  expect(await dial(['127.0.0.0/8:1-65535'], '127.0.0.1', 9)).toBe('unreachable');
});

test('an entry that is none is named', () => {
  for (const good of [
    '10.0.0.0/8:22',
    '[fd00::/8]:22',
    '[::1]:22-23',
    'db1.corp.example:22-3389',
    '*.corp.example:443',
  ])
    expect([good, wrongIn(good)]).toEqual([good, null]);
  for (const bad of ['10.0.0.0/8', '10.0.0.0/33:22', 'a:0', 'a:9-3', 'a:70000', 'corp/8:22', '[db1]:22', '**.x:22', ''])
    expect([bad, wrongIn(bad)]).toEqual([bad, expect.stringContaining('write it like')]);
});
