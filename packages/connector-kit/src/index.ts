export { type ConnectionCheck, checkConnection, type StreamCheck } from './check-connection.ts';
export { collectedStream, type Relay, withCollected } from './collected.ts';
export { type Column, type Columns, column, type Row } from './column.ts';
export {
  type Agent,
  type AnyConnector,
  type AppLink,
  type Caveat,
  type Collected,
  type Connector,
  defineConnector,
  type Reading,
  type SetupStep,
  type Stream,
  stream,
} from './connector.ts';
export type { Outcome, StreamOutcome } from './outcome.ts';
export { type KeyWords, readPrivateKey, type SigningKey } from './private-key.ts';
export { type Progress, type StreamProgress, waitText } from './progress.ts';
export { MoreToCome } from './read-stream.ts';
export {
  type Account,
  type Credential,
  type Event,
  empty,
  type Factor,
  type Grant,
  type Group,
  type Membership,
  type Policy,
  type Privilege,
  privileges,
  type RecordKind,
  type Records,
  type Resource,
  type Role,
  recordKinds,
  records,
  type Sourced,
} from './records.ts';
export { type Run, runStreams } from './run.ts';
export type { Counts, Position, RunStore } from './run-store.ts';
export { longestId } from './safe-record.ts';
export { parseSettings } from './settings.ts';
