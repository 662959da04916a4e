export { migrations } from './migrations.ts';
export type { SessionPace, SessionParts } from './model.ts';
export { openSessions, type Sessions } from './open-sessions.ts';
export { findPlace } from './place.ts';
export { serveSessions } from './serve-sessions.ts';
export { findItemTerms } from './terms.ts';
