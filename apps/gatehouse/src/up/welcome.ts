import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { type Complaint, donePage, type Entered, formPage, usedPage } from './welcome-page.ts';

/** A program on this machine, and its own link for the first administrator; null where it has one. */
export interface Welcoming {
  readonly title: string;
  readonly url: string;
  readonly link: string | null;
}

export interface WelcomeParts {
  readonly port: number;
  readonly programs: readonly Welcoming[];
  /** What to look at first, step by step. */
  readonly tour: readonly string[];
  /** Runs once the first administrator is there, before they see the next page. What it answers went wrong. */
  onWelcome(): Promise<string | null>;
}

export interface WelcomeDoor {
  /** For the first administrator alone: it works once. */
  readonly link: string;
  close(): Promise<void>;
}

const Problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});

/** More than four fields can hold. */
const mostBytes = 10_000;

/**
 * One page for the first administrator of all programs, on loopback. It has the one-time link of each, and uses them as a
 * browser would: what is entered goes to each program, and the sign-ins that they answer go to the browser. A program that is
 * not here cannot be reached by it, and it knows no password once it has answered.
 */
export const openWelcome = async ({ port, programs, tour, onWelcome }: WelcomeParts): Promise<WelcomeDoor> => {
  const key = `ghu_${randomBytes(24).toString('base64url')}`;
  const waiting = new Map(programs.flatMap((one) => (one.link === null ? [] : [[one, tokenOf(one.link)] as const])));
  const titles = [...waiting.keys()].map(({ title }) => title);
  let turn: Promise<unknown> = Promise.resolve();

  const form = (nonce: string, entered: Entered, complaints: readonly Complaint[]) =>
    formPage({ nonce, key, programs: titles, entered, complaints });

  const accept = async (sent: URLSearchParams, agent: string, nonce: string): Promise<Page> => {
    const said = (name: string) => sent.get(name)?.trim().slice(0, 300) ?? '';
    const entered = { name: said('name'), email: said('email') };
    const password = new Secret(sent.get('password') ?? '');
    if (sent.get('again') !== password.reveal())
      return { status: 422, html: form(nonce, entered, [{ field: 'again', message: 'This is another password.' }]) };
    const cookies: string[] = [];
    for (const [program, token] of waiting) {
      const answer = await use(program, token, { ...entered, password }, agent);
      if ('complaints' in answer) return { status: 422, html: form(nonce, entered, answer.complaints), cookies };
      waiting.delete(program);
      cookies.push(...answer.cookies);
    }
    const wrong = await onWelcome();
    return { status: 200, html: donePage({ nonce, programs, tour: wrong === null ? tour : [], wrong }), cookies };
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const nonce = randomBytes(16).toString('base64');
    for (const [name, value] of Object.entries(guards(nonce))) response.setHeader(name, value);
    const send = ({ status, html, cookies = [] }: Page) => {
      if (cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    };
    const refuse = (status: number, words: string) =>
      void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(words);
    // A name of somebody else that leads here is not ours.
    if (!hosts.includes(headers.host ?? '')) return refuse(421, 'This page has another address.');
    const url = new URL(request.url ?? '/', `http://${headers.host}`);
    if (url.pathname !== '/welcome') return refuse(404, 'There is no such page.');
    if (method !== 'GET' && method !== 'POST') return refuse(405, 'Only GET and POST.');
    if (method === 'POST' && headers.origin !== url.origin) return refuse(403, 'This came from another page.');
    const sent = method === 'POST' ? await readForm(request) : url.searchParams;
    if (!isSame(sent.get('key') ?? '', key) || waiting.size === 0)
      return send({ status: 404, html: usedPage(nonce, programs) });
    if (method === 'GET') return send({ status: 200, html: form(nonce, { name: '', email: '' }, []) });
    // One at a time: of two browsers the second finds the links used.
    const mine = turn.then(() =>
      waiting.size === 0
        ? { status: 404, html: usedPage(nonce, programs) }
        : accept(sent, headers['user-agent'] ?? '', nonce),
    );
    turn = mine.catch(() => undefined);
    send(await mine);
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      const [status, words] = error instanceof Fault ? [400, error.advice] : [500, 'Something went wrong.'];
      if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(words);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 20;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Fault('misconfigured', `Port ${port} of 127.0.0.1 is taken. Choose another with --port.`, undefined, {
      cause,
    });
  });
  // `localhost`, as the addresses of the programs: what they sign in with is of that name.
  const hosts = ['localhost', '127.0.0.1'].map((name) => `${name}:${port}`);
  return {
    link: `http://localhost:${port}/welcome?key=${key}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

interface Page {
  readonly status: number;
  readonly html: string;
  readonly cookies?: readonly string[];
}

type Outcome = { readonly cookies: readonly string[] } | { readonly complaints: readonly Complaint[] };

/** Uses the link of one program. One that was used meanwhile has its administrator, and needs none. */
const use = async (
  { title, url }: Welcoming,
  token: Secret,
  { name, email, password }: Entered & { readonly password: Secret },
  agent: string,
): Promise<Outcome> => {
  let answer: Response;
  try {
    answer = await fetch(new URL('/api/welcome', url), {
      ...{ method: 'POST', redirect: 'error', signal: AbortSignal.timeout(20_000) },
      headers: { 'content-type': 'application/json', origin: new URL(url).origin, 'user-agent': agent.slice(0, 300) },
      body: JSON.stringify({ token: token.reveal(), name, email, password: password.reveal() }),
    });
  } catch {
    return { complaints: [{ field: null, message: `${title} does not answer. Try again in a moment.` }] };
  }
  if (answer.ok) return { cookies: answer.headers.getSetCookie() };
  if (answer.status === 404) return { cookies: [] };
  const problem = Problem.safeParse(await answer.json().catch(() => null));
  if (!problem.success) return { complaints: [{ field: null, message: `${title} answered ${answer.status}.` }] };
  const { errors, detail, title: words } = problem.data;
  return { complaints: errors.length > 0 ? errors : [{ field: null, message: `${title}: ${detail ?? words}` }] };
};

const tokenOf = (link: string): Secret => new Secret(new URL(link).hash.slice(1));

const guards = (nonce: string) => ({
  'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  // The address has the key: no other page is told it.
  ...{ 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff' },
  'cross-origin-opener-policy': 'same-origin',
});

/** Whole texts are compared in a time that does not tell how much of them is right. */
const isSame = (a: string, b: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
};

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? ''))
    throw new Fault('misconfigured', 'Only forms are taken.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > mostBytes) throw new Fault('misconfigured', 'This is too large.');
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
};
