import type { BrowserContext, Request, WebSocketRoute } from 'playwright-core';
import type { Session } from '../../src/api/console.ts';
import {
  approvals,
  cast,
  conditionsOf,
  credentialsOf,
  ended,
  files,
  hostKeys,
  items,
  othersOf,
  rules,
  session,
  sessionOfAda,
} from './console-answers.ts';

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
}

/** The console's API before the pages of one browser, in place of a site with endpoints. */
export interface FakeConsole {
  /** What changed something: "POST /api/console/sessions {…}", "socket opened". */
  readonly asked: string[];
  readonly sessions: Session[];
  /** What was typed into terminals. */
  typed(): string;
  /** Tells the page of the live session. */
  tell(message: object): void;
  show(text: string): void;
  /** Cuts the line as a network does. */
  cut(): Promise<void>;
  change(id: string, change: Partial<Session>): void;
  approve(): void;
}

export const fakeConsole = async (context: BrowserContext): Promise<FakeConsole> => {
  const known = items();
  const [first] = known;
  if (first === undefined) throw new Error('there are no items');
  const sessions: Session[] = [
    ended(first, 'left', { account: 'ada' }),
    ended(known[5] ?? first, 'failed', {
      ...{ openedAt: null, recording: 'none', hostKey: null, account: '' },
      problem:
        'dc-1.acme.example does not answer on port 3389. Check that it is switched on and reachable from the site.',
    }),
  ];
  const decisions = approvals();
  const asked: string[] = [];
  let isApproved = false;
  let typed = '';
  let hold: object | null = null;
  let line: { readonly socket: WebSocketRoute; readonly id: string } | null = null;

  const change = (id: string, part: Partial<Session>) => {
    const at = sessions.findIndex((one) => one.id === id);
    const before = sessions[at];
    if (before === undefined) return;
    const after = { ...before, ...part };
    sessions[at] = after;
    if (line?.id === id) line.socket.send(JSON.stringify({ type: 'session', session: after }));
  };
  const found = (type = '', id = '') => known.find((one) => one.type === type && one.id === Number(id));
  const list = (all: readonly unknown[]): Answer => ({
    body: { items: all, next: null, total: { value: all.length, exact: true } },
  });

  const answer = (request: Request): Answer => {
    const { pathname, searchParams } = new URL(request.url());
    const method = request.method();
    const parts = pathname.split('/').slice(2);
    const [kind, noun, type, id, below] = parts;
    if (method !== 'GET') asked.push(`${method} ${pathname} ${request.postData() ?? ''}`.trim());
    const search = (searchParams.get('search') ?? '').toLowerCase();

    if (kind === 'console' && noun === 'items' && type === undefined) {
      const wanted = known.filter(
        ({ name, hostname, tag, isFavourite }) =>
          `${name} ${hostname} ${tag}`.includes(search) && (!searchParams.has('favourites') || isFavourite),
      );
      return list(wanted.toSorted((a, b) => Number(b.isFavourite) - Number(a.isFavourite)));
    }
    if (kind === 'console' && noun === 'items') {
      const item = found(type, id);
      if (item === undefined) return missing;
      if (below === 'credentials') {
        if (item.name === 'backup-1')
          return problem(503, 'No ECM is connected', 'Ask an administrator to start the ECM of this site.');
        return { body: { credentials: credentialsOf(item.name), truncated: false } };
      }
      const conditions = conditionsOf(item.name);
      if (below === 'approvals') return { status: 204 };
      const approval =
        conditions.approval.state === 'needed' && asked.some((one) => one.includes('/approvals'))
          ? { ...conditions.approval, state: isApproved ? ('approved' as const) : ('waiting' as const) }
          : conditions.approval;
      return {
        body: {
          ...item,
          ...{ conditions: { ...conditions, approval }, others: othersOf(item.name), suggestedUsername: 'bea' },
        },
      };
    }
    if (kind === 'console' && noun === 'favourites') {
      const item = found(type, id);
      if (item !== undefined) item.isFavourite = request.postDataJSON().isFavourite;
      return { status: 204 };
    }
    if (kind === 'console' && noun === 'approvals') {
      if (method === 'GET') return { body: { items: decisions, next: null } };
      const { approve, comment } = request.postDataJSON();
      const one = decisions.find((decision) => decision.id === type);
      if (one !== undefined)
        Object.assign(one, { state: approve ? 'approved' : 'denied', decidedBy: 'You', comment, mayDecide: false });
      return { status: 204 };
    }
    if ((kind === 'console' && noun === 'sessions') || kind === 'sessions') {
      const [one, act, deed] = kind === 'sessions' ? [noun, type, id] : [type, id, below];
      if (one === undefined && method === 'POST') return begin(request);
      if (one === sessionOfAda && act === 'join') sessions.unshift(joined(found('shell-jump', '8') ?? first));
      if (one === undefined)
        return list(
          sessions.filter(
            ({ item, state }) => item.name.includes(search) && (!searchParams.has('live') || state !== 'ended'),
          ),
        );
      const it = sessions.find((other) => other.id === one);
      if (it === undefined) return missing;
      if (act === 'leave') {
        line?.socket.send(JSON.stringify({ type: 'dismissed', words: 'You left.' }));
        return { status: 204 };
      }
      if (act === 'hold') {
        if (method !== 'GET')
          hold = method === 'DELETE' ? null : { by: 'Grace', at: it.requestedAt, ...request.postDataJSON() };
        return method === 'DELETE' ? { status: 204 } : { body: method === 'GET' ? { hold } : hold };
      }
      if (act === 'end') {
        const how = kind === 'sessions' ? ('administrator' as const) : ('left' as const);
        change(one, { state: 'ended', ending: how, endedAt: new Date().toISOString(), recording: 'kept' });
        return { status: 204 };
      }
      if (act === 'files') {
        if (deed === 'content' && method === 'PUT' && searchParams.get('path')?.endsWith('full.bin'))
          return problem(507, 'The endpoint refused it', 'There is no room left on web-1.');
        return method === 'GET' && deed === undefined
          ? { body: files(searchParams.get('path') ?? '') }
          : { status: 204 };
      }
      if (act === 'recording' && deed === 'search')
        return {
          body: {
            items: [{ atMs: 11_400, line: 'notAfter=Dec  1 12:00:00 2026 GMT' }],
            truncated: false,
          },
        };
      if (act === 'recording') return { text: cast() };
      return { body: { ...it, role: it.id === sessionOfAda ? 'guest' : 'person' } };
    }
    if (kind === 'host-keys') return method === 'GET' ? list(hostKeys()) : { status: 204 };
    if (kind === 'session-policies') return method === 'GET' ? { body: rules() } : { status: 204 };
    return missing;
  };

  const begin = (request: Request): Answer => {
    const { item: wanted, reason, code } = request.postDataJSON();
    const item = found(wanted.type, wanted.id);
    if (item === undefined) return missing;
    if (conditionsOf(item.name).secondFactorRequired && code !== '123456')
      return {
        status: 422,
        body: {
          ...{ title: 'The input is not valid', status: 422, detail: 'This code is not right.' },
          errors: [{ field: 'code', message: 'This code is not right.' }],
        },
      };
    const made = session(item, { state: 'opening', openedAt: null, reason, recording: 'none', account: '' });
    sessions.unshift(made);
    return { status: 201, body: made };
  };

  await context.route(
    /\/api\/(console|sessions|host-keys|session-policies\/\d+\/rules)(\/|\?|$)/,
    async (route, request) => {
      const { status = 200, body, text } = answer(request);
      await route.fulfill({
        status,
        ...(text === undefined
          ? { contentType: status < 400 ? 'application/json' : 'application/problem+json' }
          : { contentType: 'application/x-asciicast' }),
        body: text ?? (body === undefined ? '' : JSON.stringify(body)),
      });
    },
  );
  // No other program runs beside this site.
  await context.route(/\/api\/apps$/, (route) => route.fulfill({ json: { items: [] } }));
  await context.routeWebSocket(/\/api\/console\/sessions\/[^/]+\/socket$/, (socket) => {
    const id = /sessions\/([^/]+)\/socket/.exec(socket.url())?.[1] ?? '';
    line = { socket, id };
    asked.push('socket opened');
    socket.onMessage((message) => {
      if (typeof message === 'string') return void asked.push(`socket ${message}`);
      typed += message.toString();
      socket.send(Buffer.from(message));
    });
    const one = sessions.find((other) => other.id === id);
    socket.send(JSON.stringify({ type: 'session', session: one }));
    if (one?.state === 'opening' && one.item.name !== 'desk-7')
      change(id, {
        ...{ state: 'open', openedAt: new Date().toISOString(), recording: 'running', account: 'ada' },
      });
    socket.send(JSON.stringify({ type: 'terminal', columns: 100, rows: 30 }));
    socket.send(Buffer.from('Welcome to web-1\r\n\u001b[32mada@web-1\u001b[0m:~$ '));
  });

  return {
    ...{ asked, sessions, change },
    typed: () => typed,
    tell: (message) => line?.socket.send(JSON.stringify(message)),
    show: (text) => line?.socket.send(Buffer.from(text)),
    cut: async () => {
      await line?.socket.close({ code: 1_011, reason: 'cut' });
    },
    approve: () => {
      isApproved = true;
    },
  };
};

const joined = (of: Parameters<typeof session>[0]): Session =>
  session(of, { id: sessionOfAda, person: { userId: 9, username: 'ada', name: 'Ada Byron' } });

const problem = (status: number, title: string, detail: string): Answer => ({
  status,
  body: { type: 'urn:gatehouse:problem:fake', title, status, detail, requestId: 'fake' },
});
const missing = problem(404, 'Not found', 'There is nothing here.');
