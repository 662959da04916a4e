import { useMutation } from '@tanstack/react-query';
import { useRefresh } from '../program/client.ts';
import { send } from '../program/send.ts';
import { toast } from '../toast.tsx';

interface Order {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

interface SendOptions<T> {
  /** What is asked again afterwards: every address that begins so. */
  readonly refresh?: readonly string[];
  readonly done?: string;
  onDone?(answer: T): unknown;
}

/** Something a button does; what fails is told in the corner of the page. */
export const useSend = <T = null>({ refresh = [], done, onDone }: SendOptions<T> = {}) => {
  const again = useRefresh();
  return useMutation({
    mutationFn: ({ method, path, body }: Order) => send<T>(method, path, body),
    onSuccess: (answer) => {
      for (const prefix of refresh) void again(prefix);
      if (done !== undefined) toast.done(done);
      onDone?.(answer);
    },
    onError: toast.failed,
  });
};
