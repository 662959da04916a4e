import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSend } from '../wire/send.ts';
import { commandV1 } from './v1.ts';
import { commandV2 } from './v2.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}
interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A site that answers what a test says; tokens are numbered. */
let answer: (seen: Seen) => Reply;
let seen: Seen[] = [];
let tokens = 0;
let origin = '';
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { method = '', url: path = '', headers } = request;
  const one = { method, path, authorization: headers.authorization ?? '', body };
  if (path === '/oauth2/token') {
    tokens += 1;
    response.end(JSON.stringify({ access_token: `token-${tokens}`, token_type: 'Bearer', expires_in: 3_600 }));
    return;
  }
  seen.push(one);
  const { status = 200, headers: more = {}, text } = answer(one);
  response.writeHead(status, more).end(text);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Whoever waits is told at once. */
const host = () => createHost({ signal: new AbortController().signal, attempts: 1 });
const secret = 'planted-secret-4f1a';
const open = () => {
  seen = [];
  tokens = 0;
  return openSend(host(), { origin, clientId: 'a'.repeat(40), clientSecret: new Secret(secret), timeoutMs: 5_000 });
};
const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Fault);
  expect(inspect(error)).not.toContain(secret);
  return error as Fault;
};

const key = (inner: string, root = '<session_key xmlns="http://www.bomgar.com/namespaces/API/command">') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n\n${root}${inner}</${/[\w:]+/.exec(root)?.[0]}>`;
const members =
  '<type>support</type><expires>1575045322</expires><queue available="0">general</queue><short_key>1234567</short_key><key_url>https://s.example/?ak=0123&amp;x=1</key_url><mail_subject>A</mail_subject><mail_body>\nB &lt;c&gt; &#228;\n</mail_body>';

describe('version 1', () => {
  test.each([
    ['the namespace of 2019', key(members)],
    [
      'that of the documentation',
      key(members, '<session_key xmlns="https://www.beyondtrust.com/namespaces/API/command">'),
    ],
    ['none', key(members, '<session_key>')],
    ['a prefix', key(members.replaceAll('<', '<b:').replaceAll('<b:/', '</b:'), '<b:session_key xmlns:b="urn:x">')],
    ['a remark before the root', key(members).replace('\n\n', '\n<!-- x -->\n')],
  ])('a session key is read in %s', async (_what, text) => {
    answer = () => ({ text });
    const made = await commandV1(open()).generateSessionKey({
      queue: 'general',
      seconds: 1_800,
      attributes: { external_key: 'T&1' },
    });
    expect(made).toEqual({
      ...{ shortKey: '1234567', url: 'https://s.example/?ak=0123&x=1', externalKey: null, available: false },
      ...{ expiresAt: new Date(1_575_045_322_000), queue: { type: 'general', id: null } },
      mail: { subject: 'A', body: 'B <c> ä' },
    });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      ...{ action: 'generate_session_key', type: 'support', queue_id: 'general', ttl: '1800' },
      'session.custom.external_key': 'T&1',
    });
  });

  test('one element is a list of one, and none a list of none', async () => {
    const reps = (inner: string) => `<logged_in_reps xmlns="urn:x">${inner}</logged_in_reps>`;
    const rep = (id: number) =>
      `<rep id="${id}"><display_name>R${id}</display_name><support_session_count>2</support_session_count></rep>`;
    for (const ids of [[], [7], [7, 8]]) {
      answer = () => ({ text: reps(ids.map(rep).join('')) });
      expect((await commandV1(open()).getLoggedInReps()).map(({ id, name }) => [id, name])).toEqual(
        ids.map((id) => [id, `R${id}`]),
      );
    }
  });

  test.each([
    ['the root', '<error xmlns="urn:x">No &lt;such&gt; queue</error>'],
    ['a child of another root', '<session_key><error>No &lt;such&gt; queue</error></session_key>'],
  ])('an error with status 200 is a fault with its words, as %s', async (_what, text) => {
    answer = () => ({ text });
    const fault = await faultOf(commandV1(open()).generateSessionKey({ queue: 'general' }));
    expect([fault.kind, fault.advice]).toEqual(['misconfigured', 'The site refused: No <such> queue']);
  });

  test('what no database keeps of a text is shown as unknown', async () => {
    answer = () => ({ text: `<success a="&#xD800;">a&#55296;b&#xDFFF;c&#0;d\0e<![CDATA[f\0g]]>&#x1F511;</success>` });
    expect(await commandV1(open()).terminateSession('a')).toBe('a\ufffdb\ufffdc\ufffdd\ufffdef\ufffdg\u{1f511}');
  });

  test('a time that is none is unexpected', async () => {
    answer = () => ({
      text: '<session_key><expires>999999999999999</expires><short_key>1</short_key><key_url>u</key_url></session_key>',
    });
    expect((await faultOf(commandV1(open()).generateSessionKey({ queue: 'general' }))).kind).toBe('unexpected');
  });

  test.each([
    ['no XML', 'Hello'],
    ['XML that is not closed', '<success>'],
    ['a document type', '<!DOCTYPE success [<!ENTITY a "b">]><success>&a;</success>'],
    ['another root', '<appliances/>'],
    ['nothing', ''],
  ])('%s is an unexpected fault', async (_what, text) => {
    answer = () => ({ text });
    expect((await faultOf(commandV1(open()).terminateSession('a'))).kind).toBe('unexpected');
  });
});

describe('the way there', () => {
  test('one token serves many calls, and one that ended before is asked for once more', async () => {
    const api = commandV1(open());
    answer = () => ({ text: '<success>done</success>' });
    await api.terminateSession('a');
    await api.terminateSession('b');
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-1']);
    answer = ({ authorization }) =>
      authorization === 'Bearer token-1' ? { status: 401, text: '{}' } : { text: '<success>done</success>' };
    expect(await api.terminateSession('c')).toBe('done');
    answer = () => ({ status: 401, text: '{"error":"access_denied"}' });
    expect((await faultOf(api.terminateSession('d'))).kind).toBe('unauthorized');
    expect(tokens).toBe(3);
  });

  test.each([
    [403, 'forbidden'],
    [429, 'throttled'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ] as const)('status %d is a fault of kind %s', async (status, kind) => {
    answer = () => ({ status, text: '{}' });
    expect((await faultOf(commandV1(open()).getApiInfo())).kind).toBe(kind);
  });

  test('a token follows no link to another address', async () => {
    answer = () => ({ status: 302, headers: { location: `${origin}/elsewhere` }, text: '' });
    expect((await faultOf(commandV1(open()).getApiInfo())).kind).toBe('misconfigured');
    expect(seen.map(({ path }) => path)).toEqual(['/api/command']);
  });

  test('an answer that does not end is not read to its end', async () => {
    answer = () => ({ text: `<success>${'x'.repeat(65 * 1024 * 1024)}</success>` });
    expect((await faultOf(commandV1(open()).terminateSession('a'))).advice).toContain('more than 64 MB');
  });

  test('a site that is not there is unreachable', async () => {
    const send = openSend(host(), { origin: 'http://127.0.0.1:1', clientId: 'a', clientSecret: new Secret(secret) });
    expect((await faultOf(commandV1(send).getApiInfo())).kind).toBe('unreachable');
  });
});

describe('version 2', () => {
  test('a list is read page by page to its end', async () => {
    const user = (id: number) => ({ id, type: 'normal', display_name: `U${id}`, session_count: 0, more: true });
    answer = ({ path }) => {
      const page = Number(new URL(path, origin).searchParams.get('current_page'));
      return {
        text: JSON.stringify(Array.from({ length: page < 3 ? 100 : 5 }, (_, at) => user((page - 1) * 100 + at + 1))),
      };
    };
    const users = await commandV2(open()).listUsers();
    expect([users.length, users.at(-1)?.id]).toEqual([205, 205]);
  });

  test('a list without an end is a fault, and not half a list', async () => {
    answer = () => ({
      text: JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ id: at + 1, type: 'normal', display_name: 'x' }))),
    });
    expect((await faultOf(commandV2(open()).listUsers())).advice).toContain('longer list');
    expect(seen).toHaveLength(100);
  });

  test('what the site refuses is a fault with its words and fields', async () => {
    answer = () => ({
      status: 422,
      text: '{"message":"The given data was invalid.","errors":{"queue_id":["There is none."]}}',
    });
    const fault = await faultOf(commandV2(open()).createSessionKey({ type: 'team', id: 4 }));
    expect([fault.kind, fault.advice]).toEqual([
      'misconfigured',
      'The site refused: The given data was invalid. queue_id: There is none.',
    ]);
    answer = () => ({ status: 404, text: '<html>' });
    expect((await faultOf(commandV2(open()).terminateSession('a/b'))).kind).toBe('unexpected');
    expect(seen.at(-1)?.path).toBe('/api/command/v2/session/a%2Fb');
  });

  test('an answer of another form is unexpected', async () => {
    answer = () => ({ text: '{"users":[]}' });
    expect((await faultOf(commandV2(open()).listUsers())).kind).toBe('unexpected');
    answer = () => ({ status: 201, text: '{"short_key":"1","key_url":"u","expires":"soon"}' });
    expect((await faultOf(commandV2(open()).createSessionKey({ type: 'general' }))).kind).toBe('unexpected');
  });
});
