import { OutOfOrder } from '@gatehouse/connector-kit/ingest';
import { z } from 'zod';

/** What the server answered, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** Milliseconds to wait before the next request, where it says so. */
  readonly retryAfterMs: number;
  /** The last part of the problem's type: `out-of-order`; null where the answer is no problem of ours. */
  readonly code: string | null;
  /** The problem's own words for people. */
  readonly detail: string | null;
}

const Problem = z.looseObject({ type: z.string().max(200), detail: z.string().max(4_000).optional() });

export const readAnswer = async (response: Response): Promise<Answer> => {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const problem = response.ok ? null : (Problem.safeParse(jsonOf(bytes)).data ?? null);
  const after = Number(response.headers.get('retry-after'));
  return {
    ...{ status: response.status, bytes },
    retryAfterMs: Number.isFinite(after) ? Math.min(Math.max(after, 0), 3_600) * 1_000 : 0,
    code: /^urn:gatehouse:problem:([a-z-]{1,60})$/.exec(problem?.type ?? '')?.[1] ?? null,
    detail: problem?.detail ?? null,
  };
};

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** The body, as its schema has it; null where it is something else. */
export const bodyOf = <S extends z.ZodType>({ bytes }: Answer, shape: S): z.output<S> | null =>
  shape.safeParse(jsonOf(bytes)).data ?? null;

/** Where the server says that a stream stands; null: nothing of it, or it does not say. */
export const placeIn = (answer: Answer) => bodyOf(answer, OutOfOrder)?.place ?? null;

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
};
