import type { Page, Whole } from '@gatehouse/host';

interface Part {
  readonly id: string;
}

/**
 * A page of parts as pages of at most `most` records: whole things together, a thing of more parts than that in stretches
 * of their ids. The last one has the cursor of the page; whoever stops before it reads the page again.
 */
export function* splitPage<T extends Part>(
  page: Page<T>,
  most: number,
  wholeOf: (part: T) => string | null,
): Iterable<Page<T>> {
  if (page.records.length <= most) return yield page;
  const { records, wholes = [], cursor, ...more } = page;
  const byWhole = Map.groupBy(records, wholeOf);
  const groups: { records: T[]; wholes: Whole[] }[] = [];
  const add = (some: readonly T[], whole: Whole | null) => {
    let last = groups.at(-1);
    if (!last || last.records.length + some.length > most) {
      last = { records: [], wholes: [] };
      groups.push(last);
    }
    last.records.push(...some);
    if (whole) last.wholes.push(whole);
  };
  for (const { id } of wholes) {
    const parts = (byWhole.get(id) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    byWhole.delete(id);
    for (let at = 0; at === 0 || at < parts.length; at += most) {
      const [from, before] = [parts[at]?.id, parts[at + most]?.id];
      add(parts.slice(at, at + most), {
        ...{ id, ...(at > 0 && from !== undefined && { from }) },
        ...(before !== undefined && { before }),
      });
    }
  }
  // Parts of things that did not come whole.
  for (const parts of byWhole.values()) {
    for (let at = 0; at < parts.length; at += most) add(parts.slice(at, at + most), null);
  }
  for (const [at, group] of groups.entries()) {
    const isLast = at === groups.length - 1;
    yield {
      ...(isLast && more),
      ...group,
      cursor: isLast || cursor === null ? cursor : `${cursor.slice(0, -1)},"part":${at}}`,
    };
  }
}
