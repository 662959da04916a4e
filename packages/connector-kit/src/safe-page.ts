import { inTurns, type Page } from '@gatehouse/host';
import type { Caveat, Stream } from './connector.ts';
import type { RecordKind, Records } from './records.ts';
import { isUsableId, type Losses, longestText, makeSafe } from './safe-record.ts';
import { storable } from './safe-text.ts';

/** Makes the pages of one stream fit for the inventory, and knows what had to be cut. */
export interface SafePages {
  /** Each id once, the last of its records; texts, times and `raw` within their bounds. */
  make(page: Page<AnyRecord>): Promise<Page<AnyRecord>>;
  caveats(): readonly Caveat[];
  /** How many items could not be kept at all so far, and what is wrong with the first of them. */
  leftOut(): { readonly count: number; readonly first: string };
}

type AnyRecord = Records[RecordKind];

/** Caveats of a stream’s own words. */
const mostSaid = 100;

export const safePages = ({ record, title }: Stream<unknown>): SafePages => {
  const safe = makeSafe(record);
  const losses: Losses = new Map();
  let withoutId = 0;
  let unreadable = 0;
  let first: string | undefined;
  const said = new Map<string, Caveat>();

  const unique = async (records: readonly AnyRecord[]): Promise<AnyRecord[]> => {
    const byId = new Map<string, AnyRecord>();
    await inTurns(records, (record) => {
      if (!isUsableId(record.id)) {
        withoutId++;
        return;
      }
      const kept = safe(record, losses);
      byId.set(kept.id, kept);
    });
    return [...byId.values()];
  };

  return {
    async make(page) {
      const records = await unique(page.records);
      unreadable += page.leftOut?.length ?? 0;
      first ??= page.leftOut?.[0];
      for (const caveat of page.caveats ?? []) if (said.size < mostSaid) said.set(caveat.advice, caveat);
      const wholes = page.wholes?.filter(({ id }) => isUsableId(id));
      const made = { ...page, records, ...(wholes && { wholes }) };
      if (page.gone === undefined) return made;
      const present = new Set(records.map(({ id }) => id));
      const gone = page.gone.filter(isUsableId).map(storable);
      return { ...made, gone: gone.filter((id) => !present.has(id)) };
    },
    caveats() {
      const cut = [...losses].map(([column, count]) => `${column} (${count})`).join(', ');
      return [
        ...said.values(),
        ...(cut === ''
          ? []
          : [
              {
                code: 'clipped',
                advice: `${title}: values longer than is kept were cut: ${cut}. Texts are kept up to ${longestText} characters.`,
              },
            ]),
        ...(withoutId === 0
          ? []
          : [{ code: 'unusable-id', advice: `${title}: ${withoutId} records have no usable id and were left out.` }]),
        ...(unreadable === 0
          ? []
          : [
              {
                code: 'unreadable',
                advice: `${title}: ${unreadable} records came in a form that cannot be read and were left out.`,
              },
            ]),
      ];
    },
    leftOut: () => ({ count: withoutId + unreadable, first: first ?? 'no usable id' }),
  };
};
