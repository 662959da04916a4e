/** Waits in a queue for somebody who takes it, has an owner, or is over. */
export type State = 'waiting' | 'active' | 'ended';

/** What happens to a session; `change` is everything that only adds to it: words, attributes, files. */
export type SessionAct = 'join' | 'representative-leaves' | 'customer-leaves' | 'transfer' | 'change' | 'end';

/** Who is in the session once it happened. */
export interface Present {
  readonly representatives: number;
  readonly customers: number;
}

/** The state afterwards. Null: it is over, and nothing more happens to it. */
export const stateAfter = (state: State, act: SessionAct, present: Present): State | null =>
  state === 'ended' ? null : table[state][act](present);

type Step = (present: Present) => State;
const to =
  (state: State): Step =>
  () =>
    state;
/** Without a customer there is nobody to support. */
const whileThereAreCustomers =
  (state: State): Step =>
  ({ customers }) =>
    customers > 0 ? state : 'ended';

const table: Readonly<Record<Exclude<State, 'ended'>, Readonly<Record<SessionAct, Step>>>> = {
  waiting: {
    join: to('active'),
    'representative-leaves': to('waiting'),
    'customer-leaves': whileThereAreCustomers('waiting'),
    transfer: to('waiting'),
    change: to('waiting'),
    end: to('ended'),
  },
  active: {
    join: to('active'),
    // The customer goes back to the queue rather than out: somebody was promised help.
    'representative-leaves': ({ representatives }) => (representatives > 0 ? 'active' : 'waiting'),
    'customer-leaves': whileThereAreCustomers('active'),
    transfer: to('waiting'),
    change: to('active'),
    end: to('ended'),
  },
};
