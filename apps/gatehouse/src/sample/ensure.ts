import { z } from 'zod';
import { call, type Target } from '../commands/index.ts';

const Page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });

/** Asks a program, and reads its answer. @throws Fault with the program's own words */
export const ask = async <T>(
  target: Target,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  shape: z.ZodType<T>,
  body?: unknown,
): Promise<T> => {
  const answer = await call(target, { method, path, ...(body !== undefined && { body }) });
  return shape.parse(answer.status === 204 ? null : await answer.json());
};

/** The first of a list, however long, that is meant. */
export const find = async <T>(
  target: Target,
  path: string,
  shape: z.ZodType<T>,
  isMeant: (item: T) => boolean,
): Promise<T | null> => {
  let cursor: string | null = null;
  do {
    const query: readonly (readonly [string, string])[] = [
      ['limit', '500'],
      ...(cursor === null ? [] : [['cursor', cursor] as const]),
    ];
    const page: z.output<typeof Page> = Page.parse(await (await call(target, { method: 'GET', path, query })).json());
    for (const item of z.array(shape).parse(page.items)) if (isMeant(item)) return item;
    cursor = page.next;
  } while (cursor !== null);
  return null;
};

/** The one that is there, or a new one. */
export const ensure = async <T>(
  target: Target,
  path: string,
  shape: z.ZodType<T>,
  isMeant: (item: T) => boolean,
  body: () => unknown,
): Promise<T> => (await find(target, path, shape, isMeant)) ?? (await ask(target, 'POST', path, shape, await body()));

/** Names are compared without case, as the programs do. */
export const isCalled = (name: string) => (one: string) => one.toLowerCase() === name.toLowerCase();
