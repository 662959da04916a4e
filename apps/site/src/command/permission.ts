import type { Account } from '../oauth/index.ts';

/** Whether the account may do what takes one of the two permissions; full access holds the other. */
export const mayDo = ({ permissions: { command } }: Account, needs: 'read_only' | 'full_access'): boolean =>
  command === 'full_access' || command === needs;
