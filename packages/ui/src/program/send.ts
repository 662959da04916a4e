import { Problem } from '../problem.ts';

const timeoutMs = 30_000;

/** One request to the API of this server; a file goes as it is. Anything but a success is thrown as a `Problem`. */
export const send = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> => {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
    },
    credentials: 'same-origin',
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw problemOf(response.status, answer);
  // The server checks every answer against the schema that the type of the path comes from.
  return answer as T;
};

const parse = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const problemOf = (status: number, body: unknown): Problem => {
  const { title, detail, message, errors } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const fields = Array.isArray(errors)
    ? Object.fromEntries(errors.map((one) => [String(one?.field ?? ''), String(one?.message ?? '')]))
    : {};
  const words = typeof detail === 'string' ? detail : typeof message === 'string' ? message : '';
  return new Problem(status, typeof title === 'string' ? title : 'The server could not do this', words, fields);
};
