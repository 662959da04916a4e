/** Where a site takes ECMs, and what the connection is called in `Sec-WebSocket-Protocol`. */
export const ecmPath = '/api/ecm/v1';
export const subprotocol = 'gatehouse-ecm.v1';
/** The versions that this code speaks, the best one first. */
export const protocolVersions: readonly number[] = [1];

/** What docs/ecm-protocol.md promises of sizes and times. */
export const limits = {
  /** Of one message in UTF-8. */
  messageBytes: 262_144,
  /** Objects and lists inside one another. */
  depth: 16,
  /** Bad messages one after the other, then the connection ends. */
  badMessages: 64,
  /** Most that a window can be. */
  window: 1_024,
  deadlineMs: 600_000,
  /** Entries of one list of credentials, and of one list of leases. */
  listings: 500,
  leases: 500,
  /** Answers of this size still fit with everything around them. */
  listingBytes: 200_000,
  /** A request that was given up has to be answered in this time. */
  abandonedMs: 30_000,
  /** A ping has to be answered in this time. */
  pongMs: 10_000,
  /** What may wait to be sent, and how many requests may wait for credit. */
  unsentBytes: 4 * 2 ** 20,
  waiting: 1_024,
} as const;

/** Codes with which a connection is closed. */
export const closings = {
  /** Too many bad messages. */
  malformed: 4400,
  /** The token is not good any more, or the account lost its permission. */
  unauthorized: 4401,
  /** Five are connected. */
  full: 4409,
  /** No answer to a ping, or to requests that were given up. */
  silent: 4408,
  /** The other side does not read what it is sent. */
  unread: 4413,
} as const;
