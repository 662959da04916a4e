/** What correlation knows of an account. */
export interface Candidate {
  readonly connection: string;
  /** Kind of system: `okta`, `github`. */
  readonly connector: string;
  readonly id: string;
  readonly type: string | null;
  readonly login: string | null;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly emails: readonly string[];
  readonly employeeId: string | null;
  /** `kind:value`, identifiers in other systems. */
  readonly externalIds: readonly string[];
}

/** What the tenant says about itself, as rules need it. */
export interface Matching {
  readonly ownedDomains: ReadonlySet<string>;
  readonly stripLeadingZeros: boolean;
  /** The base of an administrator account's login, or null: no pattern, or no match. */
  adminBase(login: string): string | null;
}

/** Accounts with the same key match. `left` matches only `right`; `both` matches every other. */
export interface Key {
  readonly side: 'left' | 'right' | 'both';
  /** Normalised: equal keys are the same fact. */
  readonly key: string;
  /** As the source writes it: evidence. */
  readonly value: string;
}

/** An account that has a key, as a guard sees it. */
export interface Holder {
  readonly side: Key['side'];
  /** Same number, same connection. */
  readonly connection: number;
}

/** One way in which two accounts show that they belong to the same identity. */
export interface CorrelationRule {
  /** Row of the reference; also the order, strongest first. */
  readonly number: string;
  readonly title: string;
  /** 0.85 and more links; less suggests. */
  readonly confidence: number;
  keys(account: Candidate, matching: Matching): readonly Key[];
  /** Whether the key identifies at all, seen who has it. Left out: it does. */
  guard?(holders: readonly Holder[]): boolean;
}

export const defineCorrelation = (rule: CorrelationRule) => rule;

/** Links need at least this much confidence; everything below is a suggestion. */
export const linksFrom = 0.85;
