import type { Sql } from '@gatehouse/database';
import type { Others } from '../api/console.ts';
import { findTerms, type Terms } from '../conditions/index.ts';
import type { Reach } from '../reach/index.ts';
import { listOthers } from './store.ts';

/** Everything that holds for a session of one user with one item. */
export interface ItemTerms extends Terms {
  readonly others: Others;
}

export const findItemTerms = async (tx: Sql, reach: Reach, userId: number, at: Date): Promise<ItemTerms> => {
  const terms = await findTerms(tx, reach, userId, at);
  return {
    ...terms,
    others: { rule: ruleOf(reach.type, terms.simultaneous), sessions: await listOthers(tx, reach, userId) },
  };
};

/** `global` is a session of one's own, as it was before there were policies. */
const ruleOf = (type: Reach['type'], { jumps, rdp }: Terms['simultaneous']): Others['rule'] => {
  const wanted = type === 'remote-rdp' ? rdp : jumps;
  if (wanted === 'disallow') return 'disallow';
  if (wanted !== 'join') return 'own';
  return type === 'shell-jump' ? 'join' : 'no-join';
};
