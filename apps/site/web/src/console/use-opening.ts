import { send, toProblem, useRefresh } from '@gatehouse/ui';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { z } from 'zod';
import type { SessionInput } from '../../../src/api/console.ts';
import { type ItemDetail, paths, type Session } from '../api/paths.ts';
import { type Said, type Saying, useSaying } from './use-saying.ts';

type Input = z.input<typeof SessionInput>;
type AsWhom = Input['credential'];

/** What a person says about a session before it begins, and the way into it. */
export interface Opening extends Saying {
  open(asWhom: AsWhom): void;
  readonly busy: AsWhom | null;
  /** Joins a session of somebody else, with what is said here. */
  join(sessionId: string): void;
  readonly joining: string | null;
}

export const useOpening = (item: ItemDetail): Opening => {
  const { history } = useRouter();
  const refresh = useRefresh();
  const begin = useMutation({
    mutationFn: (input: Input) => send<Session>('POST', '/api/console/sessions', input),
    onSuccess: ({ id }) => {
      void refresh('/api/console');
      history.push(`/console/sessions/${id}`);
    },
    // What stands in the way may be a condition that changed.
    onError: () => void refresh(paths.consoleItem(item.type, item.id), paths.credentials(item.type, item.id)),
  });
  const enter = useMutation({
    mutationFn: ({ id, said }: { id: string; said: Said }) =>
      send<Session>('POST', `${paths.ownSession(id)}/join`, said),
    onSuccess: ({ id }) => history.push(`/console/sessions/${id}`),
    onError: () => void refresh(paths.consoleItem(item.type, item.id)),
  });
  const error = begin.error ?? enter.error;
  const saying = useSaying(item.conditions, error === null ? null : toProblem(error));
  const { said, check } = saying;
  return {
    ...saying,
    open(asWhom) {
      if (!check()) return;
      enter.reset();
      begin.mutate({ item: { type: item.type, id: item.id }, credential: asWhom, ...said });
    },
    join(id) {
      if (!check()) return;
      begin.reset();
      enter.mutate({ id, said });
    },
    joining: enter.isPending || enter.isSuccess ? (enter.variables?.id ?? null) : null,
    busy: begin.isPending || begin.isSuccess ? (begin.variables?.credential ?? null) : null,
  };
};
