import type { Reply } from '@gatehouse/server';
import { z } from 'zod';

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'Enter a whole number.')
    .transform(Number)
    .pipe(z.int().min(least, `Enter at least ${least}.`).max(most, `Enter at most ${most}.`));

/** Which part of a list is asked for. A page has 100 entries at most, and when nothing is said. */
export const pagingQuery = { per_page: whole(5, 100), current_page: whole(1, 2_147_483_647) };

export interface Paging {
  readonly perPage: number;
  readonly current: number;
}

/** The headers of a list: `first` and `last` are always there, because public programs fail without. */
export const tellPaging = (reply: Reply, url: URL, { perPage, current }: Paging, total: number): void => {
  const last = Math.max(1, Math.ceil(total / perPage));
  const link = (rel: string, page: number) => {
    const to = new URL(url);
    to.searchParams.set('per_page', String(perPage));
    to.searchParams.set('current_page', String(page));
    return `<${to.href}>; rel="${rel}"`;
  };
  const links = [
    link('first', 1),
    ...(current > 1 ? [link('previous', Math.min(current - 1, last))] : []),
    ...(current < last ? [link('next', current + 1)] : []),
    link('last', last),
  ];
  reply
    .header('link', links.join(', '))
    .header('x-bt-pagination-current-page', current)
    .header('x-bt-pagination-last-page', last)
    .header('x-bt-pagination-per-page', perPage)
    .header('x-bt-pagination-total', total);
};
