/** Rights on one credential, by the names that Privileged Identity gives them. */
export const rights = [
  'viewAccounts',
  'viewPasswords',
  'requestPasswords',
  'grantRequests',
  'remoteSessions',
  'spin',
] as const;
export type Right = (typeof rights)[number];

export const rightTitles: Readonly<Record<Right, string>> = {
  viewAccounts: 'View accounts',
  viewPasswords: 'View passwords',
  requestPasswords: 'Request passwords',
  grantRequests: 'Grant password requests',
  remoteSessions: 'Allow remote sessions',
  spin: 'Spin',
};

/** What an actor may do with a credential, everything that gives rights taken together. */
export type Rights = Readonly<Record<Right, boolean>>;

/** What an actor may do everywhere. */
export interface GlobalRights {
  readonly logIn: boolean;
  /** Everything with every credential, but spin, which is a right of its own. */
  readonly allAccess: boolean;
  /** Retrieve through the web services what somebody else has checked out. */
  readonly ignorePasswordCheckout: boolean;
  /** Grant requests for every credential, as programs do that approve by themselves. */
  readonly globalApprover: boolean;
}
