import type { Account } from '../oauth/index.ts';

/** What an account is told that may not. */
export const notAllowed =
  'The API account does not have permission to use the Command API, or not for what changes something.';

/** Whether the account may do what takes one of the two permissions; full access holds the other. */
export const mayDo = ({ permissions: { command } }: Account, needs: 'read_only' | 'full_access'): boolean =>
  command === 'full_access' || command === needs;
