import { type Arrived, type FakeServer, startServer } from '@gatehouse/host/testing';
import type { z } from 'zod';
import { apiFolder, CaseDraft, FieldsChange, NoteDraft, type Permission, ReplyDraft, StatusChange } from './api.ts';
import { type FakeCase, type FakeDesk, newCase, touched } from './fake/state.ts';

export { type FakeAccount, type FakeDesk, newCase, newDesk, touched } from './fake/state.ts';

interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly version?: number;
}

interface Asked extends Arrived {
  readonly login: string;
  readonly origin: string;
  readonly query: URLSearchParams;
}

type Route = (asked: Asked, params: readonly string[]) => FakeAnswer;

/** The built-in desk as its API describes it, in memory. */
export const startBuiltinFake = async (desk: FakeDesk): Promise<FakeServer> => {
  const server = await startServer({
    '*': (request, response) => {
      const { status, body, version } = answer(desk, request, server.origin);
      const etag = version === undefined ? {} : { etag: `"${version}"` };
      response.writeHead(status, { 'content-type': 'application/json', ...etag }).end(JSON.stringify(body));
    },
  });
  return server;
};

const refused = (status: number): FakeAnswer => ({ status, body: { message: `refused with ${status}` } });

const answer = (desk: FakeDesk, request: Arrived, origin: string): FakeAnswer => {
  const bytes = Uint8Array.from(request.headers.authorization ?? '', (letter) => letter.charCodeAt(0));
  const [, token = ''] = /^Bearer (.*)$/s.exec(new TextDecoder().decode(bytes)) ?? [];
  const account = desk.accounts.get(token);
  const { pathname, searchParams: query } = new URL(request.url, origin);
  if (!pathname.startsWith(`${apiFolder}/`)) return refused(404);
  if (account === undefined) return refused(401);
  const at = `${request.method} ${pathname.slice(apiFolder.length)}`;
  if (at === 'GET /me') return { status: 200, body: account };
  for (const [pattern, permission, route] of routes(desk)) {
    const found = pattern.exec(at);
    if (found === null) continue;
    if (!account.permissions.includes(permission)) return refused(403);
    return route({ ...request, login: account.login, origin, query }, found.slice(1).map(decodeURIComponent));
  }
  return refused(404);
};

const routes = (desk: FakeDesk): readonly (readonly [RegExp, z.output<typeof Permission>, Route])[] => {
  const withCase =
    (act: (one: FakeCase, asked: Asked, params: readonly string[]) => FakeAnswer): Route =>
    (asked, [key = '', ...params]) => {
      const one = caseOf(desk, key);
      if (one === null) return refused(404);
      const wanted = asked.headers['if-match'];
      if (wanted !== undefined && wanted !== `"${one.version}"`) return refused(412);
      return act(one, asked, params);
    };
  return [
    [/^GET \/people$/, 'people.read', ({ query }) => people(desk, query)],
    [/^GET \/cases$/, 'cases.read', (asked) => search(desk, asked)],
    [/^GET \/changes$/, 'cases.read', ({ query }) => changes(desk, query)],
    [/^POST \/cases$/, 'cases.create', (asked) => create(desk, asked)],
    [/^GET \/cases\/([^/]+)$/, 'cases.read', withCase((one, { origin }) => shown(one, origin))],
    [/^GET \/cases\/([^/]+)\/notes$/, 'notes.read', withCase((one) => ({ status: 200, body: { notes: one.notes } }))],
    [/^PATCH \/cases\/([^/]+)\/fields$/, 'cases.write', withCase((one, asked) => setFields(desk, one, asked))],
    [/^PUT \/cases\/([^/]+)\/status$/, 'cases.write', withCase((one, asked) => setStatus(desk, one, asked))],
    [/^POST \/cases\/([^/]+)\/replies$/, 'replies.write', withCase((one, asked) => reply(desk, one, asked))],
    [
      /^PUT \/cases\/([^/]+)\/notes\/([^/]+)\/([^/]+)$/,
      'notes.write',
      // A note that stands already is found whatever the version is.
      (asked, [key = '', session = '', part = '']) => {
        const one = caseOf(desk, key);
        return one === null ? refused(404) : keepNote(desk, one, asked, session, part);
      },
    ],
  ];
};

const caseOf = (desk: FakeDesk, key: string): FakeCase | null => {
  const one = desk.cases.find(({ id, number }) => id === key || number === key);
  if (one === undefined || one.isRemoved) return null;
  return one.mergedInto === null ? one : caseOf(desk, one.mergedInto);
};

const toBody = ({ isRemoved: _, mergedInto: __, notes: ___, ...one }: FakeCase, origin: string) => ({
  ...one,
  url: `${origin}/cases/${one.number}`,
});

const shown = (one: FakeCase, origin: string, status = 200): FakeAnswer => ({
  ...{ status, version: one.version },
  body: toBody(one, origin),
});

const people = (desk: FakeDesk, query: URLSearchParams): FakeAnswer => {
  const [login, email] = [query.get('login'), query.get('email')];
  const found = desk.people.filter(
    (one) => one.login === login || (email !== null && one.email === email.toLowerCase()),
  );
  return { status: 200, body: { people: found } };
};

const search = (desk: FakeDesk, { query, origin }: Asked): FakeAnswer => {
  const [name, value] = [query.get('field') ?? '', query.get('value') ?? ''];
  const cases = desk.cases.filter((one) => caseOf(desk, one.id) === one && [one.fields[name]].flat().includes(value));
  return { status: 200, body: { cases: cases.map((one) => toBody(one, origin)).slice(0, 50) } };
};

const changes = (desk: FakeDesk, query: URLSearchParams): FakeAnswer => {
  const cursor = String(desk.changes.length);
  const after = Number(query.get('after') ?? cursor);
  return { status: 200, body: { cases: [...new Set(desk.changes.slice(after))], cursor } };
};

const create = (desk: FakeDesk, { body, origin }: Asked): FakeAnswer => {
  const { table, subject, email, team, fields } = CaseDraft.parse(JSON.parse(body));
  const requester = desk.people.find((one) => one.email === email) ?? null;
  return shown(newCase(desk, { table, subject, team, fields, requester }), origin, 201);
};

const setFields = (desk: FakeDesk, one: FakeCase, { body, origin }: Asked): FakeAnswer => {
  const { fields } = FieldsChange.parse(JSON.parse(body));
  const results = Object.entries(fields).map(([name, value]) => {
    const isMany = desk.fields.get(name);
    if (isMany === undefined || isMany !== Array.isArray(value)) return { name, outcome: 'unknown' };
    one.fields[name] = value;
    return { name, outcome: 'applied' };
  });
  touched(desk, one);
  return { status: 200, version: one.version, body: { case: toBody(one, origin), results } };
};

const setStatus = (desk: FakeDesk, one: FakeCase, { body, origin }: Asked): FakeAnswer => {
  const parsed = StatusChange.safeParse(JSON.parse(body));
  if (!parsed.success) return refused(400);
  if (one.status === 'closed') return refused(409);
  one.status = parsed.data.status;
  touched(desk, one);
  return shown(one, origin);
};

const reply = (desk: FakeDesk, one: FakeCase, { body, login }: Asked): FakeAnswer => {
  const { subject, html } = ReplyDraft.parse(JSON.parse(body));
  const written = { id: `note-${desk.changes.length}`, author: login, writtenAt: new Date().toISOString(), minutes: 0 };
  one.notes.push({ ...written, marker: null, visibility: 'public', title: subject, html });
  touched(desk, one);
  return { status: 201, body: { id: written.id } };
};

const keepNote = (desk: FakeDesk, one: FakeCase, asked: Asked, session: string, part: string): FakeAnswer => {
  const { revision, ...draft } = NoteDraft.parse(JSON.parse(asked.body));
  const at = one.notes.findIndex(({ marker }) => marker?.session === session && marker.part === part);
  const before = one.notes[at];
  if (before !== undefined && (before.marker?.revision ?? 0) >= revision)
    return { status: 200, body: { note: before, outcome: 'found' } };
  const wanted = asked.headers['if-match'];
  if (wanted !== undefined && wanted !== `"${one.version}"`) return refused(412);
  const note = {
    ...{ ...draft, id: before?.id ?? `note-${desk.changes.length}`, marker: { session, part, revision } },
    ...{ author: asked.login, writtenAt: new Date().toISOString() },
  };
  if (before === undefined) one.notes.push(note);
  else one.notes[at] = note;
  touched(desk, one);
  return { status: 200, body: { note, outcome: before === undefined ? 'added' : 'updated' } };
};
