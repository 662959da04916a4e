import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dialect, dialects, type Element, element, write } from './dialect.ts';
import { type ForeignSession, newLsid, sessionElement, surveyElement } from './session.ts';

/** What an appliance does instead of answering, as real ones do on a bad day. */
export type Mishap = 'error page' | 'hangs up' | 'half an answer' | 'proxy';

/**
 * A support appliance that is not ours, made from what public documents and recordings say of real ones. It shares no code
 * with our site: what it writes, a client of such appliances has to bear.
 */
export interface Appliance {
  readonly url: string;
  readonly account: { readonly clientId: string; readonly clientSecret: string };
  readonly applianceId: string;
  readonly sessions: Map<string, ForeignSession>;
  /** What was asked for, without tokens: `command generate_session_key`, `reporting SupportSession`, `token`. */
  readonly asked: string[];
  readonly keys: { readonly shortKey: string; readonly queue: string; readonly externalKey: string }[];
  /** Lets time go by on the appliance alone; its tokens end after an hour. */
  passes(ms: number): void;
  /** The next so many requests end like this. */
  suffers(mishap: Mishap, times: number): void;
  begin(of?: Partial<ForeignSession>): ForeignSession;
  end(session: ForeignSession): void;
  /** The parameters of an event about a session. */
  event(name: string, session: ForeignSession): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** No public text says when a site refuses a 31st token: it ends the oldest. */
const mostTokens = 30;
const hourMs = 3_600_000;
/** Of the one team. Two have one user name, from two directories. */
const members = [
  [1, 'sarcher'],
  [4, 'twin'],
  [5, 'twin'],
].map(([id = 0, username = '']) => element('representative', [element('username', username)], { id }));

export const openAppliance = async (dialect: Dialect = dialects[0] as Dialect): Promise<Appliance> => {
  const account = { clientId: randomBytes(20).toString('hex'), clientSecret: `${randomBytes(32).toString('base64')}` };
  const basic = `Basic ${Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64')}`;
  const applianceId = randomBytes(16).toString('hex');
  const sessions: Appliance['sessions'] = new Map();
  const [asked, keys]: [string[], Appliance['keys']] = [[], []];
  const tokens: { readonly value: string; readonly until: number }[] = [];
  const mishaps: Mishap[] = [];
  let aheadMs = 0;
  let count = 0;
  const now = () => Date.now() + aheadMs;

  const answerToken = (request: IncomingMessage, form: URLSearchParams) => {
    asked.push('token');
    if (request.headers.authorization !== basic || form.get('grant_type') !== 'client_credentials')
      return json(401, { error: 'invalid_client', message: 'Client authentication failed.' });
    const value = randomBytes(20).toString('hex');
    tokens.push({ value, until: now() + hourMs });
    tokens.splice(0, tokens.length - mostTokens);
    return json(200, { access_token: value, token_type: 'Bearer', expires_in: 3_600 });
  };
  const isAdmitted = ({ headers }: IncomingMessage) =>
    tokens.some(({ value, until }) => headers.authorization === `Bearer ${value}` && now() < until);

  const command = (form: URLSearchParams): Element => {
    const action = form.get('action') ?? '';
    asked.push(`command ${action}`);
    if (action === 'get_api_info')
      return element('api_information', [
        element('api_version', dialect.company === null ? '1.25.0' : '1.19.0'),
        ...(dialect.company === null ? [] : [element('company_name', dialect.company)]),
        element('timestamp', Math.floor(now() / 1_000)),
        element('permissions', [
          element('permission', 'full_access', { name: 'perm_command' }),
          element('permission', 1, { name: 'perm_reporting_support' }),
        ]),
      ]);
    if (action === 'get_support_teams')
      return element('support_teams', [
        element(
          'support_team',
          [
            ...[element('name', 'Network'), element('code_name', 'network'), element('issues')],
            ...(form.get('showmembers') === '1' ? [element('members', members)] : []),
          ],
          { id: 3 },
        ),
      ]);
    if (action === 'get_logged_in_reps')
      return element('logged_in_reps', [
        element('rep', [element('display_name', 'Sterling'), element('type', 'Normal')], { id: 1 }),
      ]);
    if (action === 'generate_session_key') return makeKey(form);
    return element('error', 'Invalid action');
  };
  const makeKey = (form: URLSearchParams): Element => {
    const queue = form.get('queue_id') ?? '';
    if (form.get('type') !== 'support') return element('error', 'Invalid type');
    if (!/^(general|(rep|team):\d+|rep_username:sarcher|issue:\w+)$/.test(queue))
      return element('error', `Invalid queue "${queue}"`);
    const externalKey = form.get('session.custom.external_key') ?? form.get('external_key') ?? '';
    const shortKey = String(1_000_000 + keys.length);
    keys.push({ shortKey, queue, externalKey });
    const [kind = '', id] = queue.split(':');
    return element('session_key', [
      element('type', 'support'),
      element('expires', Math.floor(now() / 1_000) + Number(form.get('ttl') ?? 86_400)),
      element('queue', kind, { available: 0 }),
      ...(id === undefined ? [] : [element('queue_id', id)]),
      ...(externalKey === '' ? [] : [element('external_key', externalKey)]),
      element('short_key', shortKey),
      element('key_url', `https://support.example.com/?ak=${randomBytes(16).toString('hex')}`),
      element('mail_subject', 'Remote Support Invitation'),
      element('mail_body', '\n(invitation text with the link)\n\t'),
    ]);
  };

  const nothing = element('error', 'No Support report information matching your chosen criteria is available.');
  const report = (form: URLSearchParams): Element => {
    const type = form.get('generate_report') ?? '';
    asked.push(`reporting ${type}`);
    const [, who] = /^Support(Cust|Rep)ExitSurvey$/.exec(type) ?? [];
    if (who !== undefined) return surveysOf(who.toLowerCase(), form);
    const found = [...sessions.values()].filter((one) => one.isReported && isChosen(one, form, now()));
    if (!/^SupportSession(Listing)?$/.test(type)) return element('error', 'Invalid report');
    if (found.length === 0) return nothing;
    const named = ({ lsid }: ForeignSession) => (dialect.capitals ? lsid.toUpperCase() : lsid);
    return type === 'SupportSession'
      ? element(
          'session_list',
          found.map((one) => sessionElement(one, url, dialect.capitals)),
        )
      : element(
          'session_summary_list',
          found.map((one) =>
            element('session_summary', '', {
              ...{ lsid: named(one), has_recording: 0 },
              ...(dialect.listsKeys && { external_key: one.externalKey }),
            }),
          ),
        );
  };

  /** By when they were filled in. */
  const surveysOf = (who: string, form: URLSearchParams): Element => {
    const from = Number(form.get('start_time') ?? 0) * 1_000;
    const found = [...sessions.values()].flatMap(({ lsid, surveys }) =>
      surveys
        .filter(({ by, at }) => by === who && at !== undefined && at.getTime() >= from)
        .map((one) => surveyElement(one, dialect.capitals ? lsid.toUpperCase() : lsid, 'exit_survey')),
    );
    return found.length === 0 ? nothing : element('exit_survey_list', found);
  };

  const answer = async (request: IncomingMessage): Promise<Said> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://appliance');
    const form = new URLSearchParams([...searchParams, ...new URLSearchParams(await bodyOf(request))]);
    if (pathname === '/oauth2/token') return answerToken(request, form);
    if (!isAdmitted(request))
      return json(401, {
        error: 'access_denied',
        message: 'The resource owner or authorization server denied the request.',
      });
    // It makes no links: whoever is not signed in is sent to do so.
    if (pathname === '/api/client_script') return { status: 302, type: 'text/html', body: '', location: '/login' };
    if (pathname === '/api/command') return xml(write(dialect, 'command', command(form)));
    if (pathname === '/api/reporting') return xml(write(dialect, 'reporting', report(form)));
    return { status: 404, type: 'text/html', body: '<html><body>Not Found</body></html>' };
  };
  const server = createServer(async (request, response) => {
    const mishap = mishaps.shift();
    if (mishap === undefined) return send(response, await answer(request));
    await bodyOf(request);
    suffer(response, mishap);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on an address.
  return {
    ...{ url, account, applianceId, sessions, asked, keys },
    passes: (ms) => {
      aheadMs += ms;
    },
    suffers: (mishap, times) => void mishaps.push(...Array.from({ length: times }, () => mishap)),
    begin(of = {}) {
      count += 1;
      const session: ForeignSession = {
        ...{ lsid: newLsid(count), externalKey: '', beganAt: new Date(now() - 900_000), endedAt: null },
        ...{
          customer: 'Carol',
          representative: 'Sterling Archer',
          said: [],
          notes: [],
          files: [],
          system: [],
          surveys: [],
        },
        ...{ isReported: true, ...of },
      };
      sessions.set(session.lsid, session);
      return session;
    },
    end(session) {
      session.endedAt = new Date(now());
    },
    event: (name, { lsid, externalKey }) => ({
      ...{ event: `support_conference_${name}`, version: '1.25.0', timestamp: String(Math.floor(now() / 1_000)) },
      ...{ appliance_id: applianceId, lsid: dialect.capitals ? lsid.toUpperCase() : lsid, external_key: externalKey },
      ...(name === 'member_added' && {
        username: 'sarcher',
        user_id: '1',
        display_name: 'Sterling Archer',
        type: 'rep',
      }),
    }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** By id, or by when it began or ended; `duration` 0 is until now. */
const isChosen = (session: ForeignSession, form: URLSearchParams, now: number): boolean => {
  const lsids = form.get('lsids') ?? form.get('lsid');
  if (lsids !== null) return lsids.toLowerCase().split(',').includes(session.lsid);
  const duration = Number(form.get('duration') ?? 0);
  const within = (from: string | null, at: Date | null) =>
    from !== null &&
    at !== null &&
    at.getTime() >= Number(from) * 1_000 &&
    at.getTime() <= (duration === 0 ? now : (Number(from) + duration) * 1_000);
  return within(form.get('end_time'), session.endedAt) || within(form.get('start_time'), session.beganAt);
};

interface Said {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location?: string;
}
const json = (status: number, body: object): Said => ({
  ...{ status, type: 'application/json', body: JSON.stringify(body) },
});
const xml = (body: string): Said => ({ status: 200, type: 'text/xml; charset=UTF-8', body });

/** Such sites close the line after every answer. */
const send = (response: ServerResponse, { status, type, body, location }: Said): void => {
  const more = location === undefined ? {} : { location };
  response.writeHead(status, { 'content-type': type, connection: 'close', server: 'Apache', ...more }).end(body);
};
const suffer = (response: ServerResponse, mishap: Mishap): void => {
  if (mishap === 'hangs up') response.destroy();
  else if (mishap === 'half an answer') {
    response
      .writeHead(200, { 'content-type': 'text/xml', 'content-length': 5_000 })
      .write('<?xml version="1.0"?><session_list>');
    setTimeout(() => response.destroy(), 20);
  } else
    send(response, {
      ...(mishap === 'proxy' ? { status: 502 } : { status: 500 }),
      ...{ type: 'text/html', body: '<html><body><h1>Internal Server Error</h1></body></html>' },
    });
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};
