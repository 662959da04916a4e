import { get } from '@gatehouse/ui';
import { useMutation } from '@tanstack/react-query';
import type { Conditions } from '../../../src/api/console.ts';
import type { ReachedDetail } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { isApproved, promptsOf, type Said } from '../console/use-saying.ts';

/** How something begins with a Jump Client: a session, or the question for the machine of a customer. */
export interface Start<T> {
  readonly run: (clientId: number, said: Said) => Promise<T>;
  readonly onBegun: (begun: T) => void;
  /** The ticket that it is for, where that is named already. */
  readonly ticket?: string;
}

/** The key of a session or link, where it can be said as a ticket. */
export const ticketOf = (externalKey: string | null): string => {
  const ticket = externalKey?.trim() ?? '';
  return ticket.length > mostTicket ? '' : ticket;
};
const mostTicket = 200;

/** On the button that begins a session with it. */
export const startWord = ({ joins }: Pick<ReachedDetail, 'joins'>): string =>
  joins.length > 0 ? 'Join the session' : 'Start the session';

/** What is left of conditions for which a ticket is named already. */
export const leftOf = (conditions: Conditions, ticket: string): Conditions => ({
  ...conditions,
  ticketRequired: conditions.ticketRequired && ticket === '',
});

interface StartOptions<T> extends Start<T> {
  /** Its conditions ask for something, so somebody has to be asked. */
  readonly onAsked: (client: ReachedDetail) => void;
  readonly onError?: (error: unknown) => void;
}

/** Begins at once where nothing is asked for. */
export const useStart = <T>({ run, onBegun, ticket = '', onAsked, onError }: StartOptions<T>) =>
  useMutation({
    mutationFn: async (clientId: number) => {
      const client = await get(paths.reachedClient(clientId));
      const conditions = leftOf(client.conditions, ticket);
      if (promptsOf(conditions).length > 0 || !isApproved(conditions)) return { client };
      return { begun: await run(clientId, { reason: '', ticket, code: '' }) };
    },
    onSuccess: (answer) => ('client' in answer ? onAsked(answer.client) : onBegun(answer.begun)),
    ...(onError && { onError }),
  });
