import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { limits } from './limits.ts';
import { joinEcm, joinSite } from './testing/joined.ts';

/** The same numbers in every run, so that a failure can be seen again. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

const good = [
  { jsonrpc: '2.0', id: 'x', method: 'ping', params: { correlation: 'c', deadlineMs: 1_000 } },
  {
    ...{ jsonrpc: '2.0', id: 7, method: 'credentials.list' },
    params: {
      ...{
        correlation: 'c',
        deadlineMs: 1_000,
        person: 'NS\\user',
        endpoint: { hostname: 'h', address: null, domain: 'd' },
      },
    },
  },
  { jsonrpc: '2.0', id: 'x', result: { correlation: 'c', live: [] } },
  { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'm', data: { kind: 'invalid', field: 'id' } } },
  { jsonrpc: '2.0', method: 'cancel', params: { correlation: 'c', id: 'x' } },
  { jsonrpc: '2.0', method: 'flow', params: { correlation: 'c', window: 3 } },
  { jsonrpc: '2.0', id: 'h', method: 'hello', params: { correlation: 'c', deadlineMs: 9, name: 'n', version: 'v' } },
].map((one) => JSON.stringify(one));

const values = [
  'null',
  '[]',
  '{}',
  '-1',
  '1e999',
  '"\\ud800"',
  '0.5',
  '{"__proto__":{"x":1}}',
  '"constructor"',
  'true',
];
const parts = ['"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', '\uFEFF', '🙂', '9'.repeat(400), 'e', ' '];

/** One message with something wrong in it, or right by chance. */
const spoil = (next: () => number): string => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] ?? (list[0] as T);
  let text = pick(good);
  for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
    const at = Math.floor(next() * text.length);
    const kind = next();
    if (kind < 0.2) text = text.slice(0, at);
    else if (kind < 0.5) text = text.slice(0, at) + pick(parts) + text.slice(at + Math.floor(next() * 4));
    else if (kind < 0.8)
      text = text.replace(/("(?:\\.|[^"\\])*"|\d+|null)(?=[,}\]])/g, (one) => (next() < 0.3 ? pick(values) : one));
    else if (kind < 0.9)
      text = text.replaceAll(/"(\w+)":/g, (one) =>
        next() < 0.2 ? `"${pick(['id', 'toString', '__proto__', 'method'])}":` : one,
      );
    else
      text = pick([`[${text}]`, text + text, `${'['.repeat(9_000)}`, `{"a":`.repeat(5_000), JSON.stringify(text), '']);
  }
  return text;
};

const endpointless = { credentials: [], truncated: false };

test('tens of thousands of malformed messages crash neither side, leave nothing behind, and are answered as the page says', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const next = random(20_260_101);
  let answers = 0;
  const round = async (count: number) => {
    const ecmEnd = joinEcm({ 'credentials.list': async () => endpointless });
    const siteEnd = joinSite({ 'leases.open': async () => ({ live: [] }) });
    await ecmEnd.greet();
    for (let i = 0; i < count; i++) {
      const text = spoil(next);
      ecmEnd.ecm.receive(text);
      siteEnd.site.receive(text);
    }
    for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
    for (const { came } of [ecmEnd.site, siteEnd.ecm])
      for (const said of came) {
        if (said.error === undefined) continue;
        answers++;
        const { code, data, message } = Object(said.error);
        expect([code, data.kind, message.length < 1_001]).toEqual([known[data.kind], data.kind, true]);
        if (data.kind === 'parse') expect(said.id).toBeNull();
      }
    expect(ecmEnd.reported).toEqual([]);
    for (const peer of [ecmEnd.ecm, siteEnd.site]) {
      peer.end();
      expect(peer.load()).toMatchObject({ calls: 0, served: 0 });
    }
  };
  for (let i = 0; i < 10; i++) await round(100);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 100; i++) await round(100);
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000);
  expect(answers).toBeGreaterThan(5_000);
  expect(Object.prototype).not.toHaveProperty('x');
});

test('the table of bad messages holds, case by case', async () => {
  const cases: readonly (readonly [string, number | null, unknown])[] = [
    ['{', -32700, null],
    ['', -32700, null],
    ['\uFEFF{}', -32700, null],
    [`${'['.repeat(17)}${']'.repeat(17)}`, -32700, null],
    [`"${'['.repeat(17)}"`, -32600, null],
    ['[]', -32600, null],
    ['null', -32600, null],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
    ['{"id":1,"method":"ping"}', -32600, 1],
    ['{"jsonrpc":"1.0","id":"a","method":"ping"}', -32600, 'a'],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', -32600, null],
    [`{"jsonrpc":"2.0","id":"${'i'.repeat(65)}","method":"ping"}`, -32600, null],
    ['{"jsonrpc":"2.0","id":2,"method":"Ping"}', -32600, 2],
    ['{"jsonrpc":"2.0","id":2,"method":"constructor"}', -32601, 2],
    ['{"jsonrpc":"2.0","id":2,"method":"ping"}', -32602, 2],
    ['{"jsonrpc":"2.0","id":2,"method":"ping","params":[]}', -32602, 2],
    [`{"jsonrpc":"2.0","id":2,"method":"ping","params":"${'é'.repeat(limits.messageBytes / 2)}"}`, -32002, null],
    ['{"jsonrpc":"2.0","id":2,"result":1,"error":{}}', null, null],
    ['{"jsonrpc":"2.0","result":1}', null, null],
    ['{"jsonrpc":"2.0","id":"nobody","result":{}}', null, null],
    ['{"jsonrpc":"2.0","method":"nobody.knows"}', null, null],
    ['{"jsonrpc":"2.0","method":"cancel"}', null, null],
  ];
  const { ecm, site, greet } = joinEcm({});
  await greet();
  for (const [text, code, id] of cases) {
    const before = site.came.length;
    ecm.receive(text);
    await new Promise((resolve) => setImmediate(resolve));
    const said = site.came.slice(before);
    if (code === null) expect([text, said]).toEqual([text, []]);
    else expect([text, said]).toMatchObject([text, [{ id, error: { code } }]]);
  }
  expect(await site.ask('ping')).toBeDefined();
});

test('64 bad messages in a row end the connection, 63 do not', async () => {
  const { ecm, site, greet, closed } = joinEcm({});
  await greet();
  for (let i = 0; i < 63; i++) ecm.receive('no message');
  expect(await site.ask('ping')).toBeDefined();
  for (let i = 0; i < 200; i++) ecm.receive('no message');
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toEqual([{ code: 4400, reason: expect.any(String) }]);
  expect(site.came.filter(({ error }) => error !== undefined)).toHaveLength(63 + 64);
});

test('a broken answer ends the call that it belongs to', async () => {
  const { ecm, site, greet } = joinEcm({}, { answers: () => new Promise(() => undefined) });
  await greet();
  const call = ecm.call('leases.open', { leases: [], last: true }, { deadlineMs: 5_000, correlation: 'c' });
  await new Promise((resolve) => setImmediate(resolve));
  site.raw(JSON.stringify({ jsonrpc: '2.0', id: site.came.at(-1)?.id, error: 'no' }));
  await expect(call).rejects.toMatchObject({ kind: 'unexpected' });
});

const known: Readonly<Record<string, number>> = {
  ...{ parse: -32700, invalid: -32600, unknown_method: -32601, invalid_params: -32602, too_large: -32002 },
  ...{ not_ready: -32000, busy: -32001, deadline: -32003, cancelled: -32004 },
};
