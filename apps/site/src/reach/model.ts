import type { JumpItemType } from '../api/jump-items.ts';

/** Why a session cannot be opened now. */
export type Obstacle =
  /** The user is switched off. */
  | 'disabled'
  /** No group policy gives access to endpoints. */
  | 'access'
  /** Not with this protocol. */
  | 'protocol'
  /** The Jump item role does not start sessions. */
  | 'role'
  /** Not at this time. */
  | 'schedule';

/** One Jump item that a user sees, and whether a session with it may begin at the moment asked about. */
export interface Reach {
  readonly type: JumpItemType;
  readonly id: number;
  readonly name: string;
  readonly hostname: string;
  /** Null where the protocol has its own way to say it. */
  readonly port: number | null;
  readonly tag: string;
  readonly comments: string;
  /** Null: it belongs to the user alone. */
  readonly jumpGroup: { readonly id: number; readonly name: string } | null;
  /** The group of ECMs that knows its credentials; null: the default one. */
  readonly ecmGroupId: number | null;
  /** Null: no conditions. */
  readonly jumpPolicyId: number | null;
  /** Null: the default one. */
  readonly sessionPolicyId: number | null;
  /** The user marked it. */
  readonly isFavourite: boolean;
  /** Null: a session may begin. */
  readonly obstacle: Obstacle | null;
}

/** The same, for whoever stands before it. */
export const obstacleWords: Readonly<Record<Obstacle, string>> = {
  disabled: 'Your account is switched off.',
  access: 'No group policy lets you open sessions.',
  protocol: 'No group policy lets you open sessions with this protocol.',
  role: 'Your role for this Jump item does not start sessions.',
  schedule: 'Sessions with this Jump item may not begin at this time.',
};
