import type { HeardRequest, Notice } from '@gatehouse/desk-kit';
import { isProven } from '@gatehouse/desk-kit';
import { z } from 'zod';
import { Id, type RtClient } from './session.ts';

const Transactions = z.object({
  items: z.array(z.object({ id: Id, ObjectId: z.union([z.string(), z.number()]).transform(String) })).max(100),
});

/** Pages of one call; the next call goes on where this one ended. */
const mostPages = 10;

/** The cursor is the number of a transaction, because times are in whole seconds and in somebody's time zone. */
export const changesSince = async ({ http }: RtClient, cursor: string | null) => {
  const page = async (from: string | null) => {
    const order = from === null ? { order: 'DESC', per_page: '1' } : { order: 'ASC', per_page: '100' };
    const query = new URLSearchParams({ fields: 'ObjectId', orderby: 'id', ...order });
    const body = [
      { field: 'ObjectType', value: 'RT::Ticket' },
      ...(from === null ? [] : [{ field: 'id', operator: '>', value: from }]),
    ];
    const asked = { method: 'POST', body, retry: true } as const;
    return (await http.request(`/transactions?${query}`, Transactions, asked)).body.items;
  };
  if (cursor === null) return { tickets: [], cursor: (await page(null))[0]?.id ?? '0' };
  const tickets = new Set<string>();
  let at = /^\d{1,12}$/.test(cursor) ? cursor : '0';
  for (let pages = 0; pages < mostPages; pages++) {
    const items = await page(at);
    for (const { ObjectId } of items) tickets.add(ObjectId);
    const last = items.at(-1)?.id;
    if (last === undefined) break;
    at = last;
  }
  return { tickets: [...tickets], cursor: at };
};

const Told = z.object({ ticket: z.string().regex(/^\d{1,9}$/), what: z.enum(['created', 'changed']) });

export const hear = async ({ settings, clock }: RtClient, request: HeardRequest): Promise<Notice | null> => {
  const { webhookSecret } = settings;
  if (webhookSecret === null || !(await isProven(webhookSecret, request, clock.now()))) return null;
  try {
    return Told.safeParse(JSON.parse(request.body)).data ?? null;
  } catch {
    return null;
  }
};
