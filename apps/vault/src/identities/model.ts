import { identityKinds } from '../api/words.ts';

export { identityKinds };
export type IdentityKind = (typeof identityKinds)[number];

export interface Identity {
  readonly identityId: string;
  readonly kind: IdentityKind;
  /** `svc-ecm`; of domains `NS\sarcher`. Compared without case. */
  readonly name: string;
  readonly enabled: boolean;
  /** Who signs in to the pages with it; null: nobody. */
  readonly personId: string | null;
  readonly comment: string;
  /** Whether an explicit identity has a password to sign in with. */
  readonly maySignIn: boolean;
  /** Whether it takes a code beside the password. */
  readonly hasSecondFactor: boolean;
}

/** Only these can be somebody: groups and roles are what somebody is in. */
export const isSomebody = ({ kind }: Pick<Identity, 'kind'>): boolean =>
  kind === 'explicit' || kind === 'domain_user' || kind === 'ldap_user';

/**
 * Who acts in the vault, with everything that rights may come from. Made only by signing in (`signIn`, `impersonate`,
 * `actorOfPerson`), so that holding one is the proof.
 */
export interface Actor {
  readonly identity: Pick<Identity, 'identityId' | 'kind' | 'name'>;
  /** Itself, its roles, and its groups. */
  readonly holds: readonly string[];
  /** Who acts in its name; null: it acts itself. */
  readonly impersonator: Pick<Identity, 'identityId' | 'name'> | null;
}
