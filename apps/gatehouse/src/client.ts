import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';

/** Where a program answers and how the command line proves who it is. */
export interface Target {
  readonly url: string;
  readonly token: Secret;
}

/**
 * The running program of this machine (`<home>/insights.url`, `<home>/insights.token`, or those of another program), or another by `--url` and
 * `GATEHOUSE_TOKEN` (a personal API key).
 */
export const findTarget = (
  home: string,
  url: string | undefined,
  token: string | undefined,
  program = 'insights',
): Target => {
  if (url !== undefined) {
    if (token === undefined)
      throw new Fault(
        'misconfigured',
        'Put an API key of yours into GATEHOUSE_TOKEN: --url alone does not say who you are.',
      );
    return { url, token: new Secret(token) };
  }
  try {
    return {
      url: readFileSync(join(home, `${program}.url`), 'utf8').trim(),
      token: new Secret(token ?? readFileSync(join(home, `${program}.token`), 'utf8').trim()),
    };
  } catch (cause) {
    throw new Fault(
      'unreachable',
      `No running Gatehouse was found for the folder ${home}. Start it with "gatehouse ${program === 'insights' ? 'up' : program}", or name its folder with --home or its address with --url.`,
      undefined,
      { cause },
    );
  }
};

const Problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  /** A file of CSV, sent as it is read. */
  readonly csv?: Blob;
}

/** One request. @throws Fault with the problem's own words; fields are named. */
export const call = async (target: Target, { method, path, query = [], body, csv }: Call): Promise<Response> => {
  const url = new URL(path, target.url);
  for (const [name, value] of query) url.searchParams.append(name, value);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${target.token.reveal()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(csv && { 'content-type': 'text/csv' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(csv && { body: csv }),
    });
  } catch (cause) {
    throw new Fault('unreachable', `Nothing answers at ${url.origin}. Is Gatehouse running?`, undefined, { cause });
  }
  if (response.ok) return response;
  const problem = Problem.safeParse(await response.json().catch(() => null));
  const words = problem.success
    ? // What is wrong with a single field is often all that the detail says.
      [
        ...new Set([
          problem.data.detail ?? problem.data.title,
          ...(problem.data.errors ?? []).map(({ field, message }) => `${field}: ${message}`),
        ]),
      ].join('\n  ')
    : `${url.origin} answered ${response.status}.`;
  throw new Fault(kindOf(response.status), words);
};

const kindOf = (status: number) =>
  status === 401 ? 'unauthorized' : status === 403 ? 'forbidden' : status === 429 ? 'throttled' : 'misconfigured';
