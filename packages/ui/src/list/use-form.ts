import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormErrors } from '../form/schema.ts';
import { toProblem } from '../problem.ts';
import { useRefresh } from '../program/client.ts';
import { send } from '../program/send.ts';
import { toast } from '../toast.tsx';

interface FormOptions<V, T> {
  readonly start: V;
  readonly method: 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  toBody(values: V): unknown;
  readonly refresh: readonly string[];
  readonly done?: string;
  /** Stands ready for the next one afterwards. */
  readonly isRepeated?: true;
  onDone?(answer: T): unknown;
}

/** What is entered, what the server says about each field, and sending it. */
export const useForm = <V extends object, T = unknown>(of: FormOptions<V, T>) => {
  const [values, setValues] = useState<V>(of.start);
  const again = useRefresh();
  const save = useMutation({
    mutationFn: (entered: V) => send<T>(of.method, of.path, of.toBody(entered)),
    onSuccess: (answer) => {
      for (const prefix of of.refresh) void again(prefix);
      if (of.done !== undefined) toast.done(of.done);
      if (of.isRepeated) setValues(of.start);
      of.onDone?.(answer);
    },
    // What is wrong with a field is said at the field.
    onError: (error) => {
      if (Object.keys(toProblem(error).fields).length === 0) toast.failed(error);
    },
  });
  const errors: FormErrors = save.error === null ? {} : toProblem(save.error).fields;
  return {
    ...{ values, errors, isSaving: save.isPending },
    set: (change: Partial<V>) => setValues((now) => ({ ...now, ...change })),
    submit: (event: { preventDefault(): void }) => {
      event.preventDefault();
      save.mutate(values);
    },
  };
};
