export { type Clock, systemClock } from './clock.ts';
export { Fault, type FaultKind, faults, type Health, toFault, worst } from './fault.ts';
export { type ConnectionId, newId, type PersonId, type RunId, type TenantId } from './ids.ts';
export type { Json } from './json.ts';
export type { ReleaseManifest, SignedRelease } from './release.ts';
export { openRounds, type Rounds } from './rounds.ts';
export { Secret } from './secret.ts';
export { compareVersions } from './version.ts';
