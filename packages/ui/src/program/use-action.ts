import { useRef, useState } from 'react';

interface ActionOptions<Input, Answer> {
  mutationFn(input: Input): Promise<Answer>;
  onSuccess?(answer: Answer, input: Input): unknown;
  onError?(error: unknown): unknown;
}

interface ActionState<Input, Answer> {
  readonly isPending: boolean;
  readonly data: Answer | undefined;
  readonly error: Error | null;
  readonly variables: Input | undefined;
}

/** Something a person does that takes a moment: what came of it, for the page that waits. A second one replaces the first. */
export const useAction = <Answer, Input = void>({ mutationFn, onSuccess, onError }: ActionOptions<Input, Answer>) => {
  const idle = { isPending: false, data: undefined, error: null, variables: undefined };
  const [state, setState] = useState<ActionState<Input, Answer>>(idle);
  const newest = useRef(0);
  const mutate = (input: Input, then: { onSuccess?(answer: Answer): unknown } = {}) => {
    newest.current += 1;
    const turn = newest.current;
    const settle = (next: Partial<ActionState<Input, Answer>>) => {
      if (turn === newest.current) setState({ ...idle, variables: input, ...next });
    };
    settle({ isPending: true });
    mutationFn(input).then(
      (data) => {
        settle({ data });
        onSuccess?.(data, input);
        then.onSuccess?.(data);
      },
      (error: unknown) => {
        settle({ error: error instanceof Error ? error : new Error(String(error)) });
        onError?.(error);
      },
    );
  };
  const reset = () => {
    newest.current += 1;
    setState(idle);
  };
  return { ...state, mutate, reset };
};
