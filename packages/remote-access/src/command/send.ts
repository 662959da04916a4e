import { Fault, type Secret } from '@gatehouse/kernel';
import { z } from 'zod';

/** Where a site is, and the API account that speaks to it. */
export interface CommandAccess {
  /** `https://support.example.com` */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** For each request; 15 seconds where nothing is said. */
  readonly timeoutMs?: number;
}

export interface CommandRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the origin, with its query. */
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

export interface CommandAnswer {
  readonly status: number;
  readonly text: string;
}

/** One request with a token, which is asked for when it is needed. @throws Fault unless the site answered with words of its own */
export type Send = (request: CommandRequest) => Promise<CommandAnswer>;

const Token = z.object({ access_token: z.string().min(1).max(10_000), expires_in: z.number().positive().max(86_400) });
const mostCharacters = 20_000_000;

/** A token is kept for as long as it is valid, less a minute; one that ended before is asked for once more. */
export const openSend = (access: CommandAccess): Send => {
  const origin = new URL(access.origin).origin;
  let token: { readonly text: string; readonly until: number } | null = null;
  const exchange = async (
    path: string,
    init: RequestInit,
  ): Promise<CommandAnswer & { readonly retryAfter: string }> => {
    try {
      const response = await fetch(new URL(path, origin), {
        ...init,
        // A token never follows a link to somewhere else.
        redirect: 'error',
        signal: AbortSignal.timeout(access.timeoutMs ?? 15_000),
      });
      const text = await readBounded(response, path);
      return { status: response.status, text, retryAfter: response.headers.get('retry-after') ?? '' };
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw new Fault('unreachable', `The site at ${origin} does not answer.`, path.replace(/\?.*/s, ''), {
        cause: error,
      });
    }
  };
  const askToken = async (): Promise<string> => {
    const secret = `${access.clientId}:${access.clientSecret.reveal()}`;
    const answer = await exchange('/oauth2/token', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(secret).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    if (answer.status !== 200) throw failureOf(answer, '/oauth2/token');
    const parsed = Token.safeParse(toJson(answer.text));
    if (!parsed.success)
      throw new Fault('unexpected', 'The site answered no token.', '/oauth2/token', { cause: parsed.error });
    token = { text: parsed.data.access_token, until: performance.now() + parsed.data.expires_in * 1_000 - 60_000 };
    return token.text;
  };
  return async ({ method, path, type, body }) => {
    for (const isLast of [false, true]) {
      const bearer = token !== null && performance.now() < token.until ? token.text : await askToken();
      const answer = await exchange(path, {
        method,
        headers: { authorization: `Bearer ${bearer}`, ...(type !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body }),
      });
      if (answer.status === 401 && !isLast) {
        token = null;
        continue;
      }
      if ([401, 403, 429].includes(answer.status) || answer.status >= 500) throw failureOf(answer, path);
      return answer;
    }
    throw new Error('a request was neither answered nor refused');
  };
};

/** No more than can be held, whatever length was said. */
const readBounded = async ({ body }: Response, path: string): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostCharacters)
      throw new Fault(
        'unexpected',
        'The site answered more than can be read.',
        `${path.replace(/\?.*/s, '')} was too long`,
      );
  }
  return text + decoder.decode();
};

const failureOf = ({ status, retryAfter }: { status: number; retryAfter: string }, path: string): Fault => {
  // Without the query, which may hold the words of somebody.
  const detail = `${path.replace(/\?.*/s, '')} answered ${status}`;
  if (status === 401)
    return new Fault('unauthorized', 'The site does not know this API account. Enter its id and secret again.', detail);
  if (status === 403)
    return new Fault('forbidden', 'Give the API account full access to the Command API on the site.', detail);
  if (status === 429)
    return new Fault(
      'throttled',
      'The site takes no more requests at the moment.',
      `${detail}, retry after ${retryAfter}`,
    );
  return status >= 500
    ? new Fault('unreachable', 'The site has a problem of its own.', detail)
    : new Fault('unexpected', 'The site answered something that is not known.', detail);
};

export const toJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The site understood, and does not do it: its words are for whoever asked. */
export const refusedWith = (words: string, detail: string): Fault =>
  new Fault('misconfigured', `The site refused: ${words.trim().slice(0, 1_000)}`, detail);
